import datetime

import bottle

import invoice

app = bottle.Bottle()


@app.get("/invoice")
def show():
    cents = int(bottle.request.query.cents)
    due = datetime.date.fromisoformat(bottle.request.query.due)
    bottle.response.content_type = "text/plain; charset=utf-8"
    return f"zahlbar: {invoice.amount(cents)} bis {invoice.day(due)}\n"


if __name__ == "__main__":
    bottle.run(app, server="waitress", host="0.0.0.0", port=8080)
