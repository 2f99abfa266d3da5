/** The page of a scrutineer: files come in, files go out, and nothing leaves by the network. */

import { toHex } from '../examples/miniprogram/miniprogram/lib/bytes';
import { accepted, checked, FORMAT, keysOf, opened, shown, Unfit, type Boxes, type KeyFile } from './opening';

interface Scrutiny {
  vote: string;
  serverKey: string;
  path?: string;
  scrutineers: { place: number; name: string; identity: string | null; sealKey: string | null }[];
}

const FEW = 10;
const $ = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
let scrutiny: Scrutiny | null = null;
let key: KeyFile | null = null;

/** Do what a button or a file asks for; say what went wrong. */
async function attempt(work: () => Promise<void> | void): Promise<void> {
  $('problem').textContent = '';
  try {
    await work();
  } catch (error) {
    $('problem').textContent = error instanceof Unfit ? `不能打开：${error.message}` : `文件读不出来。The file cannot be read. ${error}`;
  }
}

/** Offer a file to be saved. */
function save(name: string, given: unknown): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(given, null, 2)], { type: 'application/json' }));
  link.download = name;
  link.click();
}

/** The JSON of a file that was chosen; the same file may be chosen again afterwards. */
async function chosen<T>(event: Event): Promise<T> {
  const input = event.target as HTMLInputElement;
  const text = await input.files![0]!.text();
  input.value = '';
  return JSON.parse(text) as T;
}

/** Show the key that is held: whose it is, and what can be done with it. */
function hold(held: KeyFile): void {
  if (held.format !== FORMAT || !/^[0-9a-f]{64}$/.test(held.seed)) throw new Unfit('不是监票人的密钥文件 not the key file of a scrutineer');
  key = held;
  $('whose').textContent = `第 ${held.place} 位监票人，投票 ${held.vote}${held.urn ? '，已开过票箱' : ''}`;
  $('seed').textContent = held.seed.match(/.{4}/g)!.join(' ');
  const { sealKey, signKey, signature } = accepted(held);
  for (const [name, value] of Object.entries({ sealKey, signKey, signature })) $(name).textContent = value;
  $('held').hidden = false;
}

function make(): void {
  const place = Number(document.querySelector<HTMLInputElement>('input[name=place]:checked')?.value);
  if (!scrutiny || !place) throw new Unfit('请先选择您是哪一位 choose who you are');
  const seed = toHex(crypto.getRandomValues(new Uint8Array(32)));
  keysOf(seed);
  hold({ format: FORMAT, path: scrutiny.path ?? '', vote: scrutiny.vote, place, seed, server: scrutiny.serverKey, urn: null });
  save(`linli-key-${place}.json`, key);
}

/** List the places that wait for a person's key. */
function list(found: Scrutiny): void {
  scrutiny = found;
  $('places').replaceChildren(
    ...found.scrutineers.filter(({ identity, sealKey }) => !identity && !sealKey).map(({ place, name }) => {
      const label = document.createElement('label');
      const radio = document.createElement('input');
      Object.assign(radio, { type: 'radio', name: 'place', value: String(place) });
      label.append(radio, ` 第 ${place} 位：${name}`);
      return label;
    }),
  );
  $('make').hidden = false;
}

async function open(given: Boxes): Promise<void> {
  const held = key!;
  const found = checked(held, given, new Date());
  const board = $<HTMLInputElement>('count').value.trim();
  if (board ? Number(board) !== found.count : found.count < FEW) {
    throw new Unfit(`服务器说有 ${found.count} 张票，请核对公告栏上的票数后填写再开 The server says ${found.count} ballots: enter what the notice board says`);
  }
  // bound to this urn before anything is opened, and saved so
  hold({ ...held, urn: found.urn });
  if (held.urn === null) save(`linli-key-${held.place}.json`, key);
  const opening = await opened(key!, found, async (done) => {
    $('progress').textContent = `已开 ${done} / ${found.count}`;
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  $('progress').textContent = `已开 ${found.count} / ${found.count}。请把保存的文件交到开票处。Hand in the saved file at the station.`;
  save(`linli-opening-${found.pair.join('')}.json`, opening);
}

$('scrutiny').addEventListener('change', (event) => attempt(async () => list(await chosen<Scrutiny>(event))));
$('new').addEventListener('click', () => attempt(make));
$('key').addEventListener('change', (event) => attempt(async () => hold(await chosen<KeyFile>(event))));
$('still').addEventListener('click', () => attempt(() => save('linli-keys.json', shown('keys', key!, new Date()))));
$('boxes').addEventListener('change', (event) => attempt(async () => open(await chosen<Boxes>(event))));
$('gone').addEventListener('click', () => attempt(() => save('linli-destroyed.json', shown('destroyed', key!, new Date()))));
