/** NCALayer, the national authority's program on a computer: signs through a WebSocket of the same machine. */

const ADDRESS = "wss://127.0.0.1:13579/";

export function probe(address = ADDRESS): Promise<"running" | "absent" | "blocked"> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const end = (found: "running" | "absent"): void => {
      clearTimeout(timer);
      socket.onmessage = socket.onerror = socket.onclose = null;
      socket.close();
      resolve(found);
    };
    const timer = setTimeout(() => end("absent"), 5_000);
    socket.onmessage = () => end("running");
    socket.onerror = socket.onclose = () => end("absent");
  });
}
