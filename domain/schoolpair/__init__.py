"""学校结对: a town school and a village school that share research, exchange people and hand on equipment."""
