// Work that the server has not confirmed yet, kept in this browser (IndexedDB) until
// it has. Each item belongs to an account and is sent for that account only.
//
// item: {key, account, url, page, fields: [[name, value], …], at}

const NAME = "reviewapp";
const STORE = "outbox";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, act, otherwise) {
  let base;
  try {
    base = await opened();
    const transaction = base.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result ?? otherwise);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } catch {
    // Storage is not available: the work stays on the page only.
    return otherwise;
  } finally {
    base?.close();
  }
}

export function put(item) {
  return run("readwrite", (store) => store.put(item));
}

export function remove(key) {
  return run("readwrite", (store) => store.delete(key));
}

export async function itemsOf(account) {
  const all = await run("readonly", (store) => store.getAll(), []);
  return all.filter((item) => item.account === account).sort((one, two) => one.at - two.at);
}

export async function clear(account) {
  for (const item of await itemsOf(account)) await remove(item.key);
}
