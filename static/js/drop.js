// <file-drop>: shows the chosen files and the progress of the upload.
// The file input covers the whole field, so dropping files works without this script.

function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) {
    bytes /= 1000;
    step += 1;
  }
  return `${bytes < 10 && step > 0 ? bytes.toFixed(1) : Math.round(bytes)} ${units[step]}`;
}

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.list = this.querySelector(".drop-files");
    if (!this.input || !this.list) return;
    this.input.addEventListener("change", () => this.show());
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, () => this.classList.add("over"));
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => this.classList.remove("over"));
    this.input.form?.addEventListener("htmx:xhr:progress", (event) => this.progress(event.detail));
  }

  show() {
    this.list.replaceChildren(
      ...[...this.input.files].map((file) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        const bytes = document.createElement("span");
        name.textContent = file.name;
        bytes.textContent = size(file.size);
        bytes.className = "num soft";
        item.append(name, bytes);
        return item;
      }),
    );
  }

  progress({ loaded, total }) {
    const bar = this.parentElement.querySelector(".drop-progress");
    if (!bar || !total) return;
    bar.hidden = false;
    bar.value = Math.round((100 * loaded) / total);
  }
}

customElements.define("file-drop", FileDrop);
