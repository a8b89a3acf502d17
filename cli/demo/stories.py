"""Every plan that comes with mingzhang has a demonstration: its year on bundled, invented input."""

from __future__ import annotations

from collections.abc import Callable

from . import city_education, funan_2020, fuxin_2020, hunan_tutoring, liaoning_pairing, sunan_2022, taian_actions
from .stage import Ending, Stage

STORIES: dict[str, Callable[[Stage], Ending]] = {
    fuxin_2020.CODE: fuxin_2020.demonstrate,
    liaoning_pairing.CODE: liaoning_pairing.demonstrate,
    taian_actions.CODE: taian_actions.demonstrate,
    city_education.CODE: city_education.demonstrate,
    sunan_2022.CODE: sunan_2022.demonstrate,
    hunan_tutoring.CODE: hunan_tutoring.demonstrate,
    funan_2020.CODE: funan_2020.demonstrate,
}
