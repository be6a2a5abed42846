import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from '../tree/merkle.ts'

/**
 * Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint, with Ed25519): the origin, the size and the root, each a line, here followed
 * by the time; an empty line; and `— <name> <base64 of key id and signature>`.
 */
export type Checkpoint = { origin: string; size: number; root: Buffer; madeAt?: Date }

const ed25519 = Buffer.from([1])
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

/** The 32 bytes of an Ed25519 public key. */
export function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(spkiHead.length)
}

export function publicKeyOf(bytes: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: 'der', type: 'spki' })
}

function keyId(name: string, publicKey: Buffer): Buffer {
  return sha256(`${name}\n`, ed25519, publicKey).subarray(0, 4)
}

/** What verifiers of signed notes are given. */
export function verifierKey(name: string, publicKey: Buffer): string {
  return `${name}+${keyId(name, publicKey).toString('hex')}+${Buffer.concat([ed25519, publicKey]).toString('base64')}`
}

export function checkpointText({ origin, size, root, madeAt }: Checkpoint): string {
  const time = madeAt ? `time ${madeAt.toISOString()}\n` : ''
  return `${origin}\n${size}\n${root.toString('base64')}\n${time}`
}

export function signNote(text: string, name: string, privateKey: KeyObject): string {
  const id = keyId(name, publicBytes(privateKey))
  const signature = sign(null, Buffer.from(text), privateKey)
  return `${text}\n— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`
}

export type ParsedNote = Checkpoint & { text: string; name: string; keyId: Buffer; signature: Buffer }

const noteForm =
  /^(\S[^\n]*)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)\n— (\S+) ([A-Za-z0-9+/=]+)$/gmu
const countForm = /^— \S/gmu

/**
 * The notes of a file, in its order; what stands between them, such as the words of a mail, is passed over.
 * `unread` is how many signatures have no whole note before them, because it was cut or altered.
 */
export function parseNotes(given: string): { notes: ParsedNote[]; unread: number } {
  // In syslog and CEF a note is one line, with marks of its ends of lines.
  const file = given
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\\{1,2}n/g, '\n')
  const notes = [...file.matchAll(noteForm)].flatMap((match): ParsedNote[] => {
    const [, origin = '', size = '', root = '', more = '', name = '', blob = ''] = match
    const bytes = Buffer.from(blob, 'base64')
    if (bytes.length !== 68) return []
    const time = /^time (\S+)$/m.exec(more)?.[1]
    return [
      {
        text: `${origin}\n${size}\n${root}\n${more}`,
        origin,
        size: Number(size),
        root: Buffer.from(root, 'base64'),
        ...(time ? { madeAt: new Date(time) } : {}),
        name,
        keyId: bytes.subarray(0, 4),
        signature: bytes.subarray(4),
      },
    ]
  })
  return { notes, unread: [...file.matchAll(countForm)].length - notes.length }
}

/** Whether the holder of the key signed the note under this name. */
export function isSignedBy(note: ParsedNote, publicKey: Buffer): boolean {
  if (!note.keyId.equals(keyId(note.name, publicKey))) return false
  return verify(null, Buffer.from(note.text), publicKeyOf(publicKey), note.signature)
}
