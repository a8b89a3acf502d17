"""Aid: applications (申请), their review and approval (审批), awards and waivers, and objections (异议)."""
