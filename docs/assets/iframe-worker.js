// A page that is opened as a file may start no worker. The search then runs in a hidden frame, which stands in for one:
// messages are copies, and arrive later, as those of a worker do.
if (location.protocol === "file:") {
  const deliver = (target, data) => {
    const event = new MessageEvent("message", { data: structuredClone(data) });
    setTimeout(() => target.onmessage && target.onmessage(event));
  };
  window.Worker = class {
    constructor(url) {
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.srcdoc = "<!doctype html><title>search</title>";
      this.frame.onload = () => this.start(new URL(url, document.baseURI).href);
      document.body.append(this.frame);
    }
    start(url) {
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => deliver(this, data);
      const script = inside.document.createElement("script");
      script.src = url;
      script.onload = () => {
        const messages = this.waiting;
        this.waiting = null;
        messages.forEach((data) => deliver(inside, data));
      };
      script.onerror = (event) => this.onerror && this.onerror(event);
      inside.document.body.append(script);
    }
    postMessage(data) {
      if (this.waiting) this.waiting.push(structuredClone(data));
      else deliver(this.frame.contentWindow, data);
    }
    terminate() {
      this.frame.remove();
    }
  };
}
