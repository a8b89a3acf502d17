"""What the refusals of 学业帮扶 say: failed courses, their tutors, checks and word to parents."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "tutoring_not_in_force": (
        N_("No adopted plan says anything about tutoring."),
        N_("Adopt one with `mingzhang plan adopt`, for example hunan-tutoring."),
    ),
    "plan_without_tutoring": (
        N_("The plan {plan} says nothing about tutoring."),
        N_("See what it says with `mingzhang plan show`."),
    ),
    "course_listed": (
        N_("The course {course} of this student is on record for {period} already."),
        N_("Nothing needs to be done; a list with another result may be imported later."),
    ),
    "course_not_failed": (
        N_("The student has not failed the course {course}, as far as the lists tell."),
        N_("Import the 挂科名单 of the term first, with `mingzhang pairing import --kind tutoring`."),
    ),
    "course_has_tutor": (
        N_("Somebody else helps with the course {course} already ({pairing})."),
        N_("Record who takes over with `mingzhang pairing replace`, or end the pairing with `mingzhang pairing end`."),
    ),
    "course_without_tutor": (
        N_("Nobody is arranged to help this student with this course."),
        N_("Import the 安排表 first, with `mingzhang pairing import --kind tutoring`, or put the course right."),
    ),
    "student_number_unknown": (
        N_("Nobody is known by this student number, and there is no identity number beside it."),
        N_("Fill in 身份证号, or put 学号 right."),
    ),
    "student_number_taken": (
        N_("This student number is another person's."),
        N_("Check 学号 and 身份证号 of the row."),
    ),
    "student_not_listed": (
        N_("The student is on no 挂科名单."),
        N_("Import the list of failed courses first, with `mingzhang pairing import --kind tutoring`, or put name and 学号 right."),
    ),
    "student_name_ambiguous": (
        N_("Several students of this name failed the course."),
        N_("Fill in 学号."),
    ),
    "mark_not_understood": (
        N_("The mark is neither a number from 0 to 100 nor a word for having none (缺考)."),
        N_("Write the mark as a number, with one decimal at most."),
    ),
    "term_not_understood": (
        N_("The term is not understood."),
        N_("Write it like 2023-2024学年第一学期, or 2023-autumn."),
    ),
    "no_course_failed": (
        N_("The student {student} has no failed course in {period}."),
        N_("See `mingzhang tutoring gaps`."),
    ),
    "parents_told": (
        N_("The parents of {student} were told of all failures of {period}."),
        N_("Nothing needs to be done."),
    ),
    "pairing_not_tutoring": (
        N_("The pairing {pairing} is of a household, not for a course."),
        N_("See `mingzhang pairing list`."),
    ),
    "check_unknown": (
        N_("The plan knows no check {check}."),
        N_("Its checks are: {checks}."),
    ),
}
