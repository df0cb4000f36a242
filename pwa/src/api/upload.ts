/** Sending a large body while its sender watches: fetch does not tell how much has gone, XMLHttpRequest does. */

import type { Transport } from "./client";

/** @param progress hears the share of the body that has gone, from 0 to 1. */
export function telling(progress: (share: number) => void): Transport {
  return (path, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, path);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = "text";
      request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
        if (lengthComputable && total > 0) progress(loaded / total);
      };
      request.onload = () => resolve(answer(request));
      request.onerror = request.onabort = () => reject(new TypeError("no answer"));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(body);
    });
}

function answer(request: XMLHttpRequest): Response {
  const wait = request.getResponseHeader("Retry-After");
  return new Response(request.response as string, { status: request.status, headers: wait ? { "Retry-After": wait } : {} });
}
