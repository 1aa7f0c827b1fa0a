/**
 * A small PNG, made without any page: the still picture in place of a canvas. Its pixels are not
 * packed, as the PNG format allows.
 */
import { LETTERS } from "./image_pixels.js";
import { range } from "./lists.js";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const MOST = 65_535; // bytes of one block that is not packed

/** Every second pixel of every second row; enough for a picture that stands still. */
export function halved({ height, width, levels, channels }) {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const kept = range(channels * rows * columns).map((at) => {
    const plane = Math.floor(at / (rows * columns));
    const row = Math.floor(at / columns) % rows;
    return levels[(plane * height + 2 * row) * width + 2 * (at % columns)];
  });
  return { height: rows, width: columns, channels, levels: kept };
}

/**
 * A PNG as the address of a picture.
 *
 * @param {{ height: number, width: number, channels: number, levels: ArrayLike<number> }} picture
 * @param {number[][]} table  Red, green, blue and opacity of each level, for one channel.
 */
export function toPng({ height, width, channels, levels }, table) {
  const size = height * width;
  const pixel = (at) => range(channels).map((plane) => levels[plane * size + at]);
  const rows = range(height).flatMap((row) => [
    0,
    ...range(width).flatMap((column) => pixel(row * width + column)),
  ]);
  const kind = channels === 1 ? 3 : 2; // a palette, or red, green and blue
  const colours = [
    ...chunk(
      "PLTE",
      table.flatMap((colour) => colour.slice(0, 3)),
    ),
    ...chunk(
      "tRNS",
      table.map((colour) => colour[3]),
    ),
  ];
  return `data:image/png;base64,${base64([
    ...SIGNATURE,
    ...chunk("IHDR", [...bytes(width), ...bytes(height), 8, kind, 0, 0, 0]),
    ...(channels === 1 ? colours : []),
    ...chunk("IDAT", unpacked(rows)),
    ...chunk("IEND", []),
  ])}`;
}

const bytes = (number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);

function chunk(name, content) {
  const named = [...[...name].map((letter) => letter.charCodeAt(0)), ...content];
  return [...bytes(content.length), ...named, ...bytes(checksum(named))];
}

/** The check of a chunk: CRC-32. */
function checksum(data) {
  let rest = 0xffffffff;
  for (const byte of data) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}

/** The zlib form of data that is not packed, with its check: Adler-32. */
function unpacked(data) {
  const blocks = range(Math.ceil(data.length / MOST)).flatMap((at) => {
    const block = data.slice(at * MOST, (at + 1) * MOST);
    const length = [block.length & 255, block.length >>> 8];
    const isLast = (at + 1) * MOST >= data.length;
    return [Number(isLast), ...length, ...length.map((byte) => 255 - byte), ...block];
  });
  let [low, high] = [1, 0];
  for (const byte of data) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return [0x78, 1, ...blocks, high >>> 8, high & 255, low >>> 8, low & 255];
}

function base64(data) {
  const letters = [];
  for (let at = 0; at < data.length; at += 3) {
    const [first, second = 0, third = 0] = data.slice(at, at + 3);
    const word = (first << 16) | (second << 8) | third;
    letters.push(...[18, 12, 6, 0].map((shift) => LETTERS[(word >>> shift) & 63]));
  }
  const missing = (3 - (data.length % 3)) % 3;
  return letters.slice(0, letters.length - missing).join("") + "=".repeat(missing);
}
