import fastapi
import torch

app = fastapi.FastAPI()
NAMES = ["apple", "pear", "nut"]
STORED = torch.tensor([[1.0, 0.1], [0.9, 0.3], [0.0, 1.0]])


@app.get("/nearest")
def nearest(x: float, y: float):
    distances = torch.cdist(torch.tensor([[x, y]]), STORED)
    return {"nearest": NAMES[int(distances.argmin())]}


@app.get("/health")
def health():
    return {"status": "ok"}
