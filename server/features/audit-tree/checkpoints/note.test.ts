import { createPrivateKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { leafHash, rootOfLeaves } from '../tree/merkle.ts'
import { checkpointText, isSignedBy, parseNotes, publicBytes, signNote, verifierKey } from './note.ts'

const seed = Buffer.alloc(32, 7)
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = publicBytes(privateKey)
const origin = 'wisp.example.com/audit/1'
const root = rootOfLeaves(['a', 'b', 'c'].map(text => leafHash(text)))
const note = signNote(checkpointText({ origin, size: 3, root }), origin, privateKey)

describe('a checkpoint as a signed note', () => {
  it('is what other programs write', () => {
    expect(verifierKey(origin, publicKey)).toBe(
      'wisp.example.com/audit/1+206b5267+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs',
    )
    expect(note).toBe(
      'wisp.example.com/audit/1\n3\nNmQuc8JUCrEh46a/lUWwokmCzYMOsT080Z3jzmwCHsE=\n\n— wisp.example.com/audit/1 IGtSZxX1l4mnj31Po01qF8xFuZPpM2TWGKWV1jHr6aWM8YvUN+uK9Wcad0Zz1fXflwbCw0G60XCb3gMqNbVfn7Lf4Qs=\n',
    )
  })

  it('is found in a file among other words, with its time', () => {
    const madeAt = new Date('2026-12-01T08:00:00.000Z')
    const timed = signNote(checkpointText({ origin, size: 3, root, madeAt }), origin, privateKey)
    const { notes, unread } = parseNotes(
      `\uFEFFDear auditor,\r\n\r\n${timed.replaceAll('\n', '\r\n')}\r\n${note}bye`,
    )
    expect(notes.map(one => [one.size, one.madeAt, isSignedBy(one, publicKey)])).toEqual([
      [3, madeAt, true],
      [3, undefined, true],
    ])
    expect(unread).toBe(0)
  })

  it.each([
    ['another size', note.replace('\n3\n', '\n4\n')],
    ['another origin', note.replace('wisp', 'wasp')],
    ['another signature', note.replace('X1l4', 'X1l5')],
    ['another key id', note.replace('IGtS', 'IGtT')],
  ])('is refused with %s', (_, text) => {
    const { notes } = parseNotes(text)
    expect(notes.map(one => isSignedBy(one, publicKey))).toEqual([false])
  })

  it.each([
    ['cut in its signature', note.slice(0, -20)],
    ['without its root', note.replace(/\n[^\n]+=\n\n/, '\n\n')],
  ])('is not read when it is %s', (_, text) => {
    expect(parseNotes(text)).toEqual({ notes: [], unread: 1 })
  })
})
