import { isSeparator } from './match.ts'
import { isLetter, type Query } from './query.ts'
import { codePointAt, isHan, type RecordView, utf8Width } from './record.ts'

/**
 * Keys of the postings: 4 bits of kind, then 28 bits for up to three code points. Grams of ASCII are exact. Longer grams
 * of other scripts, and whole texts, are hashed into 2^15 buckets to keep the dictionary small. A collision only costs a
 * look at the record, because every candidate is matched again.
 */
const KIND = {
  text: 0, // anywhere in userId, name, alias
  mobile: 1, // anywhere in the mobile
  pinyin: 2, // letters that can follow each other in a pinyin query, anywhere
  prefix: 3, // at the start of userId, name, alias, pinyin
  word: 4, // at the start of a later word or of any syllable
  mobilePrefix: 5,
  whole: 6, // hash of a whole userId, name, alias, full pinyin, initials
  mobileWhole: 7,
} as const

const BUCKETS = 0x7fff

export type GramSink = { add(key: number): void }

function gram1(kind: number, a: number): number {
  return ((kind << 28) | (1 << 22) | a) >>> 0
}

function gram2(kind: number, a: number, b: number): number {
  if ((a | b) < 128) return ((kind << 28) | (1 << 23) | (a << 7) | b) >>> 0
  const hash = Math.imul(Math.imul(a, 0x85ebca6b) ^ b, 0x9e3779b1) >>> 16
  return ((kind << 28) | (1 << 25) | (hash & BUCKETS)) >>> 0
}

/** The gram of three ASCII characters. */
function gram3(kind: number, a: number, b: number, c: number): number {
  return ((kind << 28) | (1 << 24) | (a << 14) | (b << 7) | c) >>> 0
}

function wholeGram(kind: number, hash: number): number {
  return ((kind << 28) | (1 << 26) | ((hash ^ (hash >>> 15)) & BUCKETS)) >>> 0
}

const HASH_SEED = 0x811c9dc5

function hashStep(hash: number, codePoint: number): number {
  return Math.imul(hash ^ codePoint, 0x01000193)
}

/** The longest gram, up to three code points, that starts at `at`. */
function startGram(kind: number, codes: ArrayLike<number>, at: number, end: number): number {
  const a = codes[at]!
  if (at + 1 >= end) return gram1(kind, a)
  const b = codes[at + 1]!
  if (at + 2 >= end) return gram2(kind, a, b)
  const c = codes[at + 2]!
  return (a | b | c) < 128 ? gram3(kind, a, b, c) : gram2(kind, a, b)
}

/** Adds a gram and its prefixes, so that a query of one or two characters needs only one posting list. */
function addStarts(sink: GramSink, kind: number, codes: ArrayLike<number>, at: number, end: number): void {
  const a = codes[at]!
  sink.add(gram1(kind, a))
  if (at + 1 >= end) return
  const b = codes[at + 1]!
  sink.add(gram2(kind, a, b))
  if (at + 2 < end && (a | b | codes[at + 2]!) < 128) sink.add(gram3(kind, a, b, codes[at + 2]!))
}

let codes = new Int32Array(256)

function readCodes(bytes: Uint8Array, start: number, end: number): number {
  if (codes.length < end - start) codes = new Int32Array((end - start) * 2)
  let count = 0
  for (let at = start; at < end; at += utf8Width(bytes[at]!)) codes[count++] = codePointAt(bytes, at)
  return count
}

/** Adds every key under which a query may look for this record. A key may be added more than once. */
export function addGrams(view: RecordView, sink: GramSink): void {
  addText(view.bytes, view.name, view.userId, sink)
  addText(view.bytes, view.userId, view.alias, sink)
  addText(view.bytes, view.alias, view.mobile, sink)
  const mobile = readCodes(view.bytes, view.mobile, view.pinyin)
  if (mobile > 0) {
    addStarts(sink, KIND.mobilePrefix, codes, 0, mobile)
    sink.add(wholeGram(KIND.mobileWhole, hashOf(codes, mobile)))
    for (let i = 0; i < mobile; i++) addStarts(sink, KIND.mobile, codes, i, mobile)
  }
  addFirstHan(view, sink)
  for (let start = view.pinyin; start < view.end; ) {
    let stop = start
    while (stop < view.end && view.bytes[stop] !== 124) stop++
    addReading(view.bytes, start, stop, sink)
    start = stop + 1
  }
}

function addText(bytes: Uint8Array, start: number, end: number, sink: GramSink): void {
  const count = readCodes(bytes, start, end)
  if (count === 0) return
  addStarts(sink, KIND.prefix, codes, 0, count)
  sink.add(wholeGram(KIND.whole, hashOf(codes, count)))
  for (let i = 0; i < count; i++) {
    addStarts(sink, KIND.text, codes, i, count)
    if (i > 0 && isSeparator(codes[i - 1]!)) addStarts(sink, KIND.word, codes, i, count)
  }
}

function hashOf(codePoints: ArrayLike<number>, count: number): number {
  let hash = HASH_SEED
  for (let i = 0; i < count; i++) hash = hashStep(hash, codePoints[i]!)
  return hash
}

/** A mixed query may begin at the first Chinese character even when the name does not (`A张三`). */
function addFirstHan(view: RecordView, sink: GramSink): void {
  for (let at = view.name; at < view.userId; at += utf8Width(view.bytes[at]!)) {
    const codePoint = codePointAt(view.bytes, at)
    if (!isHan(codePoint)) continue
    if (at > view.name) sink.add(gram1(KIND.prefix, codePoint))
    return
  }
}

let syllableStarts = new Int32Array(64)

function addReading(bytes: Uint8Array, start: number, end: number, sink: GramSink): void {
  if (syllableStarts.length < end - start + 2) syllableStarts = new Int32Array((end - start) * 2)
  let full = HASH_SEED
  let initials = HASH_SEED
  let count = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 32) continue
    full = hashStep(full, byte)
    if (at === start || bytes[at - 1] === 32) {
      initials = hashStep(initials, byte)
      syllableStarts[count++] = at
    }
  }
  syllableStarts[count] = end + 1
  sink.add(wholeGram(KIND.whole, full))
  sink.add(wholeGram(KIND.whole, initials))
  for (let i = 0; i < count; i++) addSyllable(bytes, i, count, sink)
}

/**
 * A query may follow each letter of a syllable with the syllable's next letter or with the first letter of the next
 * syllable. The grams of a reading are all such chains of three letters.
 */
function addSyllable(bytes: Uint8Array, index: number, count: number, sink: GramSink): void {
  const start = syllableStarts[index]!
  const end = syllableStarts[index + 1]! - 1
  const next = index + 1 < count ? end + 1 : -1
  const nextEnd = next < 0 ? 0 : syllableStarts[index + 2]! - 1
  for (let at = start; at < end; at++) {
    const a = bytes[at]!
    if (!isLetter(a)) return
    const isStart = at === start
    if (isStart) addChain(sink, index, a, 0, 0)
    if (at + 1 < end) {
      if (isStart) addChain(sink, index, a, bytes[at + 1]!, 0)
      if (at + 2 < end) addTriple(sink, isStart, index, a, bytes[at + 1]!, bytes[at + 2]!)
      if (next >= 0) addTriple(sink, isStart, index, a, bytes[at + 1]!, bytes[next]!)
    }
    if (next < 0) continue
    if (isStart) addChain(sink, index, a, bytes[next]!, 0)
    if (next + 1 < nextEnd) addTriple(sink, isStart, index, a, bytes[next]!, bytes[next + 1]!)
    if (index + 2 < count) addTriple(sink, isStart, index, a, bytes[next]!, bytes[nextEnd + 1]!)
  }
}

function addTriple(sink: GramSink, isStart: boolean, index: number, a: number, b: number, c: number): void {
  if ((a | b | c) >= 128) return
  sink.add(gram3(KIND.pinyin, a, b, c))
  if (isStart) addChain(sink, index, a, b, c)
}

/** Adds a chain that begins a syllable; zeros stand for missing letters. */
function addChain(sink: GramSink, index: number, a: number, b: number, c: number): void {
  if (b >= 128) return
  sink.add(chainGram(KIND.word, a, b, c))
  if (index === 0) sink.add(chainGram(KIND.prefix, a, b, c))
}

function chainGram(kind: number, a: number, b: number, c: number): number {
  return b === 0 ? gram1(kind, a) : c === 0 ? gram2(kind, a, b) : gram3(kind, a, b, c)
}

/** More keys than these narrow down nothing further and only cost look-ups. This bounds the cost of very long queries. */
const MOST_KEYS = 48

/** Keys that a candidate must have all of. */
export type Stream = number[]

/** For each tier, the streams whose union holds all its members. Others may be among them; matching drops those. */
export function planQuery(query: Query): Stream[][] {
  return plannedStreams(query).map(streams => streams.map(keys => [...new Set(keys)].slice(0, MOST_KEYS)))
}

function plannedStreams(query: Query): Stream[][] {
  const { codePoints, elements, isMixed } = query
  const count = codePoints.length
  const anywhere = gramsFrom(KIND.text, codePoints, 0)
  const plan: Stream[][] = [
    [[wholeGram(KIND.whole, hashOf(codePoints, count))]],
    [[startGram(KIND.prefix, codePoints, 0, count), ...anywhere]],
    [[startGram(KIND.word, codePoints, 0, count), ...anywhere]],
    [anywhere],
  ]
  if (query.withMobile) {
    const inMobile = gramsFrom(KIND.mobile, codePoints, 0)
    plan[0]!.push([wholeGram(KIND.mobileWhole, hashOf(codePoints, count))])
    plan[1]!.push([startGram(KIND.mobilePrefix, codePoints, 0, count), ...inMobile])
    plan[3]!.push(inMobile)
  }
  if (isMixed) {
    plan[1]!.push(mixedGrams(elements, true))
    plan[2]!.push(mixedGrams(elements, false))
  } else if (elements.length > 0) {
    const chains = chainGrams(elements)
    plan[0]!.push([wholeGram(KIND.whole, hashOf(elements, elements.length))])
    plan[1]!.push([startGram(KIND.prefix, elements, 0, elements.length), ...chains])
    plan[2]!.push([startGram(KIND.word, elements, 0, elements.length), ...chains])
  }
  return plan
}

function gramsFrom(kind: number, codePoints: number[], from: number): Stream {
  const keys: Stream = []
  const last = Math.min(Math.max(from, codePoints.length - 3), from + MOST_KEYS)
  for (let i = from; i <= last; i++) keys.push(startGram(kind, codePoints, i, codePoints.length))
  // Without a third ASCII character, the last window above is a pair that misses the last character.
  if (codePoints.length - from >= 3)
    keys.push(startGram(kind, codePoints, codePoints.length - 2, codePoints.length))
  return keys
}

function chainGrams(letters: number[]): Stream {
  const keys: Stream = []
  for (let i = 1; i + 2 < letters.length && i <= MOST_KEYS; i++)
    keys.push(startGram(KIND.pinyin, letters, i, letters.length))
  return keys
}

/** The Chinese characters must be in the name, and each run of letters between them must begin a syllable. */
function mixedGrams(elements: number[], fromFirst: boolean): Stream {
  const keys: Stream = []
  for (let at = 0; at < elements.length && keys.length < MOST_KEYS; ) {
    const kind = at === 0 && fromFirst ? KIND.prefix : KIND.word
    if (!isLetter(elements[at]!)) {
      if (kind === KIND.prefix) keys.push(gram1(kind, elements[at]!))
      keys.push(gram1(KIND.text, elements[at++]!))
      continue
    }
    let stop = at
    while (stop < elements.length && isLetter(elements[stop]!)) stop++
    const run = elements.slice(at, stop)
    keys.push(startGram(kind, run, 0, run.length), ...chainGrams(run))
    at = stop
  }
  return keys
}
