import { beforeEach, describe, expect, it } from "vitest";
import type { Camera } from "./camera";
import { FakeWorld, settle } from "./fake-camera";

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});

async function opened(): Promise<Camera> {
  const camera = world.camera();
  camera.use();
  await settle();
  camera.frame();
  return camera;
}

describe("coming back", () => {
  it("opens a dead camera once for three wake-up events", async () => {
    await opened();
    world.track.readyState = "ended";
    world.awake();
    world.awake();
    world.awake();
    await settle();
    expect(world.asked).toHaveLength(2);
  });

  it("replaces a muted track and keeps a good one", async () => {
    await opened();
    world.awake();
    await settle();
    expect(world.asked).toHaveLength(1);
    world.track.muted = true;
    world.awake();
    await settle();
    expect(world.asked).toHaveLength(2);
    expect(world.tracks[0]?.readyState).toBe("ended");
  });

  it("opens again when the system ends the track", async () => {
    await opened();
    const first = world.track;
    first.stop();
    first.dispatchEvent(new Event("ended"));
    await settle();
    expect(world.asked).toHaveLength(2);
  });

  it("stops the camera when the page goes away, and opens it when it comes back from the cache", async () => {
    const camera = await opened();
    world.asleep();
    expect(world.track.readyState).toBe("ended");
    expect(camera.state.value).toBe("idle");
    world.awake();
    await settle();
    expect(camera.state.value).toBe("starting");
  });

  it("tries again after another app gave the camera back, and asks nobody who has not tapped", async () => {
    world.refusals = ["NotReadableError"];
    const camera = world.camera();
    camera.use();
    await settle();
    world.awake();
    await settle();
    expect(camera.state.value).toBe("starting");
    world.permission = "prompt";
    const shy = world.camera();
    shy.use();
    await settle();
    world.awake();
    await settle();
    expect(shy.state.value).toBe("prompt");
  });

  it("notices a permission given in the settings", async () => {
    world.permission = "denied";
    const camera = world.camera();
    camera.use();
    await settle();
    world.permission = "granted";
    world.awake();
    await settle();
    expect(camera.state.value).toBe("starting");
  });
});

describe("between screens", () => {
  it("keeps the stream dark and takes it up again without asking", async () => {
    const camera = world.camera();
    const leave = camera.use();
    await settle();
    camera.frame();
    leave();
    leave();
    expect(world.track.enabled).toBe(false);
    await world.pass(60_000);
    camera.use();
    await settle();
    expect(world.asked).toHaveLength(1);
    expect(world.track.enabled).toBe(true);
  });

  it("lets the camera go when nobody comes back", async () => {
    const camera = world.camera();
    camera.use()();
    await settle();
    const leave = camera.use();
    await settle();
    leave();
    await world.pass(100_000);
    expect(world.track.readyState).toBe("ended");
    expect(camera.stream.value).toBeNull();
  });

  it("stops a camera that opened after the scanner had left", async () => {
    world.permission = "granted";
    const camera = world.camera();
    const leave = camera.use();
    await Promise.resolve();
    await Promise.resolve();
    leave();
    await settle();
    expect(world.tracks.every((track) => track.readyState === "ended")).toBe(true);
    expect(camera.stream.value).toBeNull();
  });
});

describe("light, zoom, lens", () => {
  it("are offered only where the camera has them", async () => {
    const camera = await opened();
    await world.pass(1000, () => camera.frame());
    expect(camera.abilities.value).toEqual({ torch: false, zoom: null });
    await camera.setTorch(true);
    expect(camera.torch.value).toBe(false);
    expect(world.track.wishes).toEqual([]);
  });

  it("focus continuously and zoom a little for one label, not for a shelf", async () => {
    world.can = { torch: true, zoom: { min: 1, max: 8 }, focusMode: ["manual", "continuous"] };
    const camera = await opened();
    await world.pass(1000, () => camera.frame());
    expect(camera.abilities.value).toEqual({ torch: true, zoom: { min: 1, max: 4 } });
    expect(world.track.wishes).toEqual([{ focusMode: "continuous" }, { zoom: 1.5 }]);
    await camera.setZoom(99);
    expect(camera.zoom.value).toBe(4);
    world.tracks = [];
    const wide = world.camera();
    wide.use(true);
    await settle();
    await world.pass(1000, () => wide.frame());
    expect(world.track.wishes).toEqual([{ focusMode: "continuous" }]);
  });

  it("go out with the screen", async () => {
    world.can = { torch: true };
    const camera = world.camera();
    const leave = camera.use();
    await settle();
    await world.pass(1000, () => camera.frame());
    await camera.setTorch(true);
    expect(camera.torch.value).toBe(true);
    leave();
    await settle();
    expect(world.track.wishes.at(-1)).toEqual({ torch: false });
  });

  it("remember the lens that was chosen", async () => {
    world.lenses = ["main", "wide", "front"];
    const camera = await opened();
    await world.pass(1000, () => camera.frame());
    expect(camera.lenses.value.map((lens) => lens.id)).toEqual(["main", "wide"]);
    await camera.nextLens();
    expect(world.lens).toBe("wide");
    expect(world.asked.at(-1)?.video).toMatchObject({ deviceId: { exact: "wide" } });
    await camera.nextLens();
    expect(world.lens).toBe("main");
  });

  it("fall back to the rear camera when the remembered lens is gone", async () => {
    world.lens = "gone";
    world.refusals = ["OverconstrainedError"];
    const camera = await opened();
    expect(camera.state.value).toBe("live");
    expect(world.asked.at(-1)?.video).toMatchObject({ facingMode: { ideal: "environment" } });
  });
});
