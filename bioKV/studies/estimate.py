"""placeholder"""
def estimate(plan, workers=None): raise NotImplementedError
