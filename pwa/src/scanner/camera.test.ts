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

describe("starting", () => {
  it("needs no tap where permission is given, and is live with the first frame", async () => {
    const camera = world.camera();
    camera.use();
    await settle();
    expect(camera.state.value).toBe("starting");
    camera.frame();
    expect(camera.state.value).toBe("live");
  });

  it("asks for full HD from the rear camera, once for two scanners", async () => {
    const camera = await opened();
    camera.use();
    await settle();
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]?.video).toMatchObject({
      facingMode: { ideal: "environment" },
      width: { ideal: 1920 },
      height: { ideal: 1080 },
    });
  });

  it.each(["prompt", "unknown"] as const)("waits for a tap while permission is %s", async (permission) => {
    world.permission = permission;
    const camera = world.camera();
    camera.use();
    await settle();
    expect(camera.state.value).toBe("prompt");
    expect(world.asked).toHaveLength(0);
    await camera.ask();
    expect(camera.state.value).toBe("starting");
  });

  it("does not even ask where permission was denied", async () => {
    world.permission = "denied";
    const camera = world.camera();
    camera.use();
    await settle();
    expect(camera.state.value).toBe("denied");
    expect(world.asked).toHaveLength(0);
  });

  it.each([
    ["NotReadableError", "in_use"],
    ["AbortError", "in_use"],
    ["NotFoundError", "none"],
    ["OverconstrainedError", "none"],
  ])("%s means %s", async (error, state) => {
    world.refusals = [error];
    const camera = world.camera();
    camera.use();
    await settle();
    expect(camera.state.value).toBe(state);
  });

  it("tells a refusal from a question that was only closed", async () => {
    world.permission = "prompt";
    const camera = world.camera();
    camera.use();
    await settle();
    world.refusals = ["NotAllowedError", "NotAllowedError"];
    await camera.ask();
    expect(camera.state.value).toBe("prompt");
    const asking = camera.ask();
    world.permission = "denied";
    await asking;
    expect(camera.state.value).toBe("denied");
  });

  it("tells plain HTTP from a machine without cameras", async () => {
    world.media = false;
    world.secure = false;
    const lan = world.camera();
    lan.use();
    world.secure = true;
    const bare = world.camera();
    bare.use();
    await settle();
    expect([lan.state.value, bare.state.value]).toEqual(["insecure", "none"]);
  });
});

describe("the watchdog", () => {
  it("restarts a silent camera once, then says that there is no picture", async () => {
    const camera = await opened();
    await world.pass(1400);
    expect(world.asked).toHaveLength(1);
    await world.pass(400);
    expect(world.asked).toHaveLength(2);
    expect(world.tracks[0]?.readyState).toBe("ended");
    await world.pass(2000);
    expect(camera.state.value).toBe("black");
    expect(world.asked).toHaveLength(2);
  });

  it("leaves a camera alone that delivers", async () => {
    const camera = await opened();
    await world.pass(30_000, () => camera.frame());
    expect(world.asked).toHaveLength(1);
    expect(camera.state.value).toBe("live");
  });

  it("takes even black frames for silence, but not for long darkness with noise", async () => {
    const camera = await opened();
    await world.pass(3500, () => {
      camera.frame();
      camera.picture(true);
    });
    expect(world.asked).toHaveLength(2);
    await world.pass(2000, () => {
      camera.frame();
      camera.picture(true);
    });
    expect(camera.state.value).toBe("black");
    camera.picture(false);
    camera.frame();
    expect(camera.state.value).toBe("live");
  });

  it("does not judge a hidden page, which gets no frames", async () => {
    const camera = await opened();
    world.visible = false;
    await world.pass(60_000);
    expect(world.asked).toHaveLength(1);
    expect(camera.state.value).toBe("live");
  });

  it("opens anew when asked after a black picture", async () => {
    const camera = await opened();
    await world.pass(4000);
    await camera.ask();
    expect(world.asked).toHaveLength(3);
    expect(camera.state.value).toBe("starting");
  });
});
