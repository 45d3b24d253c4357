"""The step of `tandem bench two_tower` in PyTorch on the processor: the same sizes, loss and optimiser.

Usage: python3 two_tower_torch.py THREADS SECONDS HISTORY [ROUND]   prints examples per second
The caller sets OPENBLAS_CORETYPE: OpenBLAS does not know newer processors and falls back to slow kernels.
"""
import sys
import time

import torch
import torch.nn.functional as F

USERS, ITEMS, FACTORS, HIDDEN, BATCH, RATE = 100_000, 50_000, 64, 128, 1024, 0.05
threads, seconds, history = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


def tower(rows):
    table = torch.nn.Embedding(rows, FACTORS, sparse=True)
    layers = torch.nn.Sequential(
        torch.nn.Linear(FACTORS, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, FACTORS))
    return table, layers


user_table, user_layers = tower(USERS)
item_table, item_layers = tower(ITEMS)
bag = torch.nn.EmbeddingBag(ITEMS, FACTORS, mode="mean", sparse=True) if history else None
tables = [user_table, item_table] + ([bag] if bag else [])
optimisers = [
    torch.optim.Adagrad([p for table in tables for p in table.parameters()], lr=RATE),
    torch.optim.Adagrad(list(user_layers.parameters()) + list(item_layers.parameters()), lr=RATE),
]

BATCHES = 200
users = (torch.rand(BATCHES, BATCH) ** 1.5 * USERS).long()
items = (torch.rand(BATCHES, BATCH) ** 3 * ITEMS).long()
bags = (torch.rand(BATCHES, BATCH, max(history, 1)) ** 3 * ITEMS).long()
counts = torch.bincount(items.flatten(), minlength=ITEMS).float()
log_q = torch.log(counts / counts.sum() * BATCH + 1e-9)
own = torch.arange(BATCH)


def step(at):
    at %= BATCHES
    x = user_table(users[at])
    if bag:
        x = x + bag(bags[at])
    u = user_layers(x)
    v = item_layers(item_table(items[at]))
    scores = u @ v.T - log_q[items[at]]
    loss = F.cross_entropy(scores, own)
    for optimiser in optimisers:
        optimiser.zero_grad()
    loss.backward()
    for optimiser in optimisers:
        optimiser.step()


for i in range(20):
    step(i)
started = time.perf_counter()
done = 0
while time.perf_counter() - started < seconds:
    step(done)
    done += 1
print(done * BATCH / (time.perf_counter() - started))
