/* What a page writes goes out one after the other, so that the answers come in the order of what was done: an answer drawn before
   the next write never lies over that write's own. What is read waits for the writes before it. A plain form waits until all is
   answered, and what still waits when the page is left goes out on its own. */
(() => {
  const line = [];
  let leaving = null;
  const start = () => { if (line.length && !line[0].sent) { line[0].sent = true; line[0].send(); } };
  const done = (entry) => {
    const place = line.indexOf(entry);
    if (place < 0) return;
    line.splice(place, 1);
    start();
    if (!line.length && leaving) { const go = leaving; leaving = null; go(); }
  };

  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr, requestConfig, elt } = event.detail;
    const writes = requestConfig.verb !== "get";
    if (elt.matches("[data-passing]") || !(writes || line.length)) return;
    const [send, abort] = [xhr.send.bind(xhr), xhr.abort.bind(xhr)];
    const entry = { sent: false, requestConfig, writes };
    xhr.addEventListener("loadend", () => done(entry));
    xhr.send = (body) => {
      entry.body = body;
      entry.send = () => send(body);
      line.push(entry);
      start();
    };
    xhr.abort = () => { abort(); done(entry); };
  });

  /* Whether these values of a field are on their way already. */
  const onItsWay = (name, values) => line.some(({ requestConfig: { formData } }) => formData.has(name) && `${formData.getAll(name)}` === `${values}`);

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !line.some((entry) => entry.writes) || !navigator.onLine) return;
    event.preventDefault();
    const { target, submitter } = event;
    leaving = () => {
      if (!target.isConnected) { target.hidden = true; document.body.append(target); } // an answer has drawn it anew
      target.requestSubmit(submitter?.form === target ? submitter : null);
    };
  });
  window.addEventListener("pagehide", () => {
    for (const entry of line.splice(0)) {
      if (entry.sent || !entry.writes) continue;
      const { path, verb, headers } = entry.requestConfig;
      fetch(path, { method: verb.toUpperCase(), headers, body: entry.body, keepalive: true });
    }
  });
  window.ui = Object.assign(window.ui || {}, { onItsWay });
})();
