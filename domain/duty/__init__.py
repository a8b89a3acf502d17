"""时间节点: what the plans want done by a day, and the records that it was done or need not be."""
