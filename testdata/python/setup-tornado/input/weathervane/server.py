import asyncio
import os

import tornado.web
from tornado.options import define, options, parse_command_line

from weathervane.compass import point

define("port", default=8888, help="port to listen on", type=int)
define("bearing", default=50.0, help="where the wind comes from, in degrees", type=float)


class Vane(tornado.web.RequestHandler):
    def get(self):
        self.render("page.html", point=point(options.bearing))


def make_app(**settings):
    return tornado.web.Application([(r"/", Vane)], template_path=os.path.dirname(__file__), **settings)


async def serve():
    make_app().listen(options.port)
    await asyncio.Event().wait()


def main():
    parse_command_line()
    asyncio.run(serve())


if __name__ == "__main__":
    main()
