/*
 * Drives tus-js-client under node: node tus_client.cjs '{"endpoint": …, "headers": {…}, "file": …, "partSize": …, "breakAt": …}'
 *
 * The line is cut when the server has said that `breakAt` bytes are safe, in the middle of the next part; then a second
 * client goes on from the address of the first. Prints {"resumedAt": …, "file": …} or {"status": …, "body": …}.
 */
const fs = require("node:fs");
const { Upload } = require("./vendor/tus-js-client/tus.min.js");

const given = JSON.parse(process.argv[2]);
const blob = new Blob([fs.readFileSync(given.file)]);

/** What carries the requests: node's fetch in place of the browser's XMLHttpRequest. */
class FetchStack {
  constructor(cutAt) {
    this.cutAt = cutAt;
  }
  getName() {
    return "fetch";
  }
  createRequest(method, url) {
    const headers = {};
    const end = new AbortController();
    const cutAt = this.cutAt;
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => { headers[name] = value; },
      getHeader: (name) => headers[name],
      setProgressHandler: () => {},
      getUnderlyingObject: () => null,
      abort: async () => end.abort(),
      async send(body) {
        let content = body;
        if (method === "PATCH" && Number(headers["Upload-Offset"]) >= cutAt) {
          // Half of the part leaves, then the line is gone.
          const half = new Uint8Array(await body.slice(0, body.size / 2).arrayBuffer());
          content = new ReadableStream({
            pull(controller) {
              if (this.sent) return controller.error(new Error("the line was cut"));
              this.sent = true;
              controller.enqueue(half);
            },
          });
        }
        const answer = await fetch(url, { method, headers, body: content, signal: end.signal, duplex: "half" });
        const text = await answer.text();
        return {
          getStatus: () => answer.status,
          getHeader: (name) => answer.headers.get(name) ?? undefined,
          getBody: () => text,
          getUnderlyingObject: () => answer,
        };
      },
    };
  }
}

function run({ cutAt = Infinity, uploadUrl = null }) {
  return new Promise((resolve, reject) => {
    let file = "";
    let first = null;
    const upload = new Upload(blob, {
      endpoint: given.endpoint,
      uploadUrl,
      headers: given.headers,
      chunkSize: given.partSize,
      retryDelays: null,
      storeFingerprintForResuming: false,
      metadata: { filename: "surat usulan.pdf" },
      httpStack: new FetchStack(cutAt),
      onAfterResponse: (request, response) => {
        file = response.getHeader("Ovop-File") ?? file;
        if (request.getMethod() === "HEAD") first = Number(response.getHeader("Upload-Offset"));
      },
      onError: (error) => reject(Object.assign(error, { url: upload.url })),
      onSuccess: () => resolve({ file, first }),
    });
    upload.start();
  });
}

(async () => {
  let url = null;
  try {
    await run({ cutAt: given.breakAt });
    throw new Error("the line was never cut");
  } catch (error) {
    if (error.originalResponse) {
      const { originalResponse } = error;
      console.log(JSON.stringify({ status: originalResponse.getStatus(), body: originalResponse.getBody() }));
      return;
    }
    url = error.url;
    if (!url) throw error;
  }
  const { file, first } = await run({ uploadUrl: url });
  console.log(JSON.stringify({ resumedAt: first, file }));
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
