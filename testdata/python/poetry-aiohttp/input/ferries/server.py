from aiohttp import web

from ferries import timetable


async def next_departure(request: web.Request) -> web.Response:
    landing = request.match_info["landing"]
    if landing not in timetable.DEPARTURES:
        raise web.HTTPNotFound(text=f"no ferry leaves from {landing}")
    return web.json_response({"landing": landing, "first": timetable.first(landing)})


def make_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/next/{landing}", next_departure)
    return app
