"""Fits boosted trees as others do: peer, task, folder, rows, columns, trees, threads. Prints seconds and the loss."""
import sys
import time

import numpy

peer, task, folder, rows, columns, trees, threads = sys.argv[1:4] + [int(each) for each in sys.argv[4:]]
if task == "check":
    __import__(peer)
    sys.exit()

values = numpy.fromfile(folder + "/values", dtype=numpy.float32).reshape(rows, columns)
labels = numpy.fromfile(folder + "/labels", dtype=numpy.float32)


def log_loss(chances):
    chances = numpy.clip(chances, 1e-15, 1 - 1e-15)
    return -numpy.mean(numpy.where(labels > 0, numpy.log(chances), numpy.log1p(-chances)))


if peer == "xgboost":
    import xgboost

    settings = {
        "objective": "rank:ndcg" if task == "rank" else "binary:logistic", "tree_method": "hist",
        "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0, "max_bin": 255, "eta": 0.1, "lambda": 1,
        "nthread": threads,
    }
    start = time.perf_counter()
    matrix = xgboost.DMatrix(values, label=labels, nthread=threads)
    if task == "rank":
        matrix.set_group([50] * (rows // 50))
    model = xgboost.train(settings, matrix, trees)
    seconds = time.perf_counter() - start
    loss = 0 if task == "rank" else log_loss(model.predict(matrix))
else:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=trees, max_leaf_nodes=31, learning_rate=0.1, max_bins=255, l2_regularization=1, early_stopping=False)
    start = time.perf_counter()
    model.fit(values, labels)
    seconds = time.perf_counter() - start
    loss = log_loss(model.predict_proba(values)[:, 1])

print(seconds, loss)
