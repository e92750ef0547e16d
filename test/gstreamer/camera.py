"""An RTSP camera on GStreamer's server, for tests: /h264, /h265 and /bframes of a moving pattern.

Usage: camera.py PORT [USER PASSWORD]. Prints `ready` once it listens. Commands on standard input, each answered with
`done`: `lose SHARE` (of the RTP packets, 0..1; 1 stalls), `size WIDTH HEIGHT`, `drop` (every viewer).
"""

import random
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)

FPS = 25
ENCODERS = {
    "/h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay config-interval=-1",
    "/h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph265pay config-interval=-1",
    "/bframes": "x264enc bframes=2 b-adapt=false rc-lookahead=5 speed-preset=ultrafast key-int-max=25"
    " ! rtph264pay config-interval=-1",
}


def raw(width, height):
    return f"video/x-raw,format=I420,width={width},height={height},framerate={FPS}/1"


class Camera(GstRtspServer.RTSPMediaFactory):
    """One stream, encoded once for all its viewers."""

    def __init__(self, encoder):
        super().__init__()
        self.lost = 0.0
        self.format = raw(320, 180)
        self.filters = []
        self.luck = random.Random(1)
        self.encoder = encoder
        self.set_shared(True)
        self.connect("media-configure", self.on_media)

    def do_create_element(self, _url):
        return Gst.parse_launch(
            f"( videotestsrc is-live=true pattern=ball ! videoscale ! capsfilter name=size caps={self.format}"
            f" ! {self.encoder} name=pay0 pt=96 )"
        )

    def on_media(self, _factory, media):
        element = media.get_element()
        self.filters = [element.get_by_name("size")]
        kinds = Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST
        element.get_by_name("pay0").get_static_pad("src").add_probe(kinds, self.on_packets)

    def on_packets(self, _pad, _info):
        lost = self.luck.random() < self.lost
        return Gst.PadProbeReturn.DROP if lost else Gst.PadProbeReturn.OK

    def resize(self, width, height):
        self.format = raw(width, height)
        for size in self.filters:
            size.set_property("caps", Gst.Caps.from_string(self.format))


def protect(server, cameras, user, password):
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    for camera in cameras:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        camera.set_permissions(permissions)


def obey(server, cameras, words):
    if words[0] == "lose":
        for camera in cameras:
            camera.lost = float(words[1])
    elif words[0] == "size":
        for camera in cameras:
            camera.resize(int(words[1]), int(words[2]))
    elif words[0] == "drop":
        server.client_filter(lambda _server, _client: GstRtspServer.RTSPFilterResult.REMOVE)
    print("done", flush=True)
    return GLib.SOURCE_REMOVE


def main():
    port, *login = sys.argv[1:]
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(port)
    cameras = []
    for path, encoder in ENCODERS.items():
        cameras.append(Camera(encoder))
        server.get_mount_points().add_factory(path, cameras[-1])
    if login:
        protect(server, cameras, *login)
    loop = GLib.MainLoop()

    def listen():
        for line in sys.stdin:
            GLib.idle_add(obey, server, cameras, line.split())
        loop.quit()

    if server.attach(None) == 0:
        sys.exit("cannot listen")
    threading.Thread(target=listen, daemon=True).start()
    print("ready", flush=True)
    loop.run()


main()
