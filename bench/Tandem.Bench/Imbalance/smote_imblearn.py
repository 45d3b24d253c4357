"""SMOTE of imbalanced-learn: seconds for 20,000 rows made 200,000, best of two.

Arguments: threads, positives, negatives, columns. Float64 is its faster side.
"""
import sys
import time
import warnings

import numpy as np
from imblearn.over_sampling import SMOTE

warnings.filterwarnings("ignore")
positives, negatives, columns = (int(float(argument)) for argument in sys.argv[2:5])
rows = np.random.RandomState(1).standard_normal((positives + negatives, columns))
labels = np.zeros(positives + negatives, dtype=np.int32)
labels[:positives] = 1
best = float("inf")
for _ in range(2):
    start = time.perf_counter()
    SMOTE(random_state=1).fit_resample(rows, labels)
    best = min(best, time.perf_counter() - start)
print(1 / best)
