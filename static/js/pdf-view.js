// <pdf-view src="…" lib="{% static 'vendor/pdfjs-…/' %}">: shows a PDF with selectable
// text and draws pages when they come near the window. All texts are in
// components/pdf.html; this script adds none.

const WIDEST_PIXEL_RATIO = 2;
const PAGE_GAP = 12;
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];

class PdfView extends HTMLElement {
  async connectedCallback() {
    this.pages = this.querySelector(".pdf-pages");
    this.zoom = 1;
    this.querySelector("[data-zoom-in]")?.addEventListener("click", () => this.step(1));
    this.querySelector("[data-zoom-out]")?.addEventListener("click", () => this.step(-1));
    this.querySelector("[data-page]")?.addEventListener("change", (event) => this.goTo(event.target));
    try {
      await this.open();
      this.dataset.state = "ready";
    } catch {
      this.dataset.state = "failed";
    }
  }

  disconnectedCallback() {
    this.observer?.disconnect();
    this.resizer?.disconnect();
    this.task?.destroy();
  }

  async open() {
    const lib = new URL(this.getAttribute("lib"), document.baseURI).href;
    this.pdfjs = await import(`${lib}pdf.min.mjs`);
    this.pdfjs.GlobalWorkerOptions.workerSrc = `${lib}pdf.worker.min.mjs`;
    this.task = this.pdfjs.getDocument({
      url: this.getAttribute("src"),
      isEvalSupported: false,
      enableXfa: false,
      useWasm: false,
      wasmUrl: `${lib}wasm/`,
      cMapUrl: `${lib}cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${lib}standard_fonts/`,
    });
    this.document = await this.task.promise;
    const first = await this.document.getPage(1);
    this.firstSize = first.getViewport({ scale: 1 });
    for (const place of this.querySelectorAll("[data-pages]")) place.textContent = this.document.numPages;
    const input = this.querySelector("[data-page]");
    if (input) input.max = this.document.numPages;
    this.observer = new IntersectionObserver((entries) => this.seen(entries), { root: this.pages, rootMargin: "100% 0px" });
    for (let number = 1; number <= this.document.numPages; number += 1) this.addPage(number);
    this.layout();
    this.resizer = new ResizeObserver(() => this.layout());
    this.resizer.observe(this.pages);
    this.pages.addEventListener("scroll", () => this.tellPage(), { passive: true });
  }

  addPage(number) {
    const page = document.createElement("div");
    page.className = "pdf-page";
    page.dataset.number = number;
    page.ratio = this.firstSize.height / this.firstSize.width;
    this.pages.append(page);
    this.observer.observe(page);
  }

  // Sets the size of all pages and redraws drawn pages if the size changed.
  layout() {
    const width = Math.floor((this.pages.clientWidth - 2 * PAGE_GAP) * this.zoom);
    if (width <= 0 || width === this.width) return;
    const before = this.pages.scrollTop / (this.pages.scrollHeight || 1);
    this.width = width;
    for (const page of this.pages.children) {
      page.style.inlineSize = `${width}px`;
      page.style.blockSize = `${Math.round(width * page.ratio)}px`;
      if (page.drawn) this.draw(page);
    }
    this.pages.scrollTop = before * this.pages.scrollHeight;
  }

  seen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) this.draw(target);
      else this.clear(target);
    }
  }

  clear(page) {
    page.job?.cancel();
    page.textJob?.cancel();
    page.replaceChildren();
    page.drawn = false;
  }

  async draw(page) {
    const width = this.width;
    if (page.drawn === width || !width) return;
    page.drawn = width;
    page.job?.cancel();
    page.textJob?.cancel();
    const source = await this.document.getPage(Number(page.dataset.number));
    const natural = source.getViewport({ scale: 1 });
    page.ratio = natural.height / natural.width;
    page.style.blockSize = `${Math.round(width * page.ratio)}px`;
    const scale = width / natural.width;
    const viewport = source.getViewport({ scale });
    const dense = Math.min(window.devicePixelRatio || 1, WIDEST_PIXEL_RATIO);
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * dense);
    canvas.height = Math.floor(viewport.height * dense);
    const text = document.createElement("div");
    text.className = "textLayer";
    page.style.setProperty("--total-scale-factor", scale);
    page.style.setProperty("--scale-factor", scale);
    try {
      page.job = source.render({ canvas, viewport, transform: dense === 1 ? null : [dense, 0, 0, dense, 0, 0] });
      await page.job.promise;
      if (page.drawn !== width) return;
      page.replaceChildren(canvas, text);
      page.textJob = new this.pdfjs.TextLayer({ textContentSource: source.streamTextContent(), container: text, viewport });
      await page.textJob.render();
    } catch (error) {
      if (error?.name !== "RenderingCancelledException" && error?.name !== "AbortException") {
        page.drawn = false;
        page.dataset.state = "failed";
      }
    }
  }

  step(direction) {
    const at = ZOOMS.findIndex((zoom) => zoom >= this.zoom);
    this.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at + direction))];
    this.layout();
  }

  goTo(input) {
    const page = this.pages.children[Number(input.value) - 1];
    if (page) this.pages.scrollTop = page.offsetTop - PAGE_GAP;
  }

  tellPage() {
    const input = this.querySelector("[data-page]");
    if (!input || input === document.activeElement) return;
    const middle = this.pages.scrollTop + this.pages.clientHeight / 3;
    const page = [...this.pages.children].findLast((child) => child.offsetTop <= middle);
    if (page) input.value = page.dataset.number;
  }
}

customElements.define("pdf-view", PdfView);
