from bottle import Bottle, abort, run, template

app = Bottle()

SHELVES = {4: ["Emma", "Walden"], 5: ["Dubliners"]}


@app.route("/shelf/<number:int>")
def shelf(number):
    if number not in SHELVES:
        abort(404, "there is no such shelf")
    return template("shelf", title=f"Shelf {number}", books=SHELVES[number])


if __name__ == "__main__":
    run(app, server="waitress", host="0.0.0.0", port=8080)
