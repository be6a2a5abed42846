import type { ReactNode } from 'react'
import type { Act, Question } from '../data/act.tsx'
import type { Language } from '../language.ts'
import type { PlainColumn } from './plain-table.tsx'

/**
 * `content` is the file's bytes in base64, `language` that of what is said about its lines; `columns` says which column is which,
 * where somebody has chosen them.
 */
export type PickedFile = {
  fileName: string
  content: string
  language: Language
  columns?: Readonly<Record<string, number>>
}

type Line = { line: number }
export type ImportPreview = {
  /** Sent back together with the same file to apply it. */
  token: string
  file: {
    columns: readonly string[]
    headers: readonly { name: string; example: string }[]
    at: Readonly<Record<string, number>>
    ignoredColumns: readonly string[]
    /** Why nothing can be imported with these columns; '' otherwise. */
    lacking: string
  }
  problems: readonly Line[]
  first: readonly Line[]
}
export type ImportResult = { problems: readonly Line[]; report: string }

export type CountBox = { label: string; n: number; hint?: string }

/** All in which one import differs from another. */
export type ImportKind<P extends ImportPreview, R extends ImportResult> = {
  title: string
  hint: string
  /** What somebody should know before they choose a file. */
  note: string | undefined
  accept: string
  choose: string
  chooseHint: string
  template: { address: string; fileName: string }
  /** The columns that a file may have, by their names for people. */
  columns: Readonly<Record<P['file']['columns'][number], string>>
  read: Act<PickedFile, P>
  apply: Act<PickedFile & { token: string }, R>
  /** How the file was written: its encoding, and the like. */
  formatOf(preview: P): string
  counts(of: P | R, isDone: boolean): CountBox[]
  /** How many lines would be applied, and the words of the button for them. */
  ready(preview: P): number
  applyWords(n: number): string
  /** Asked before it is applied. */
  question?(preview: P): Question
  /** What is to be said of what would happen. */
  notice(preview: P): { type: 'info' | 'warning'; title: string; hint?: string } | undefined
  problems: { total(of: P | R): number; columns: readonly PlainColumn<P['problems'][number]>[] }
  first: readonly PlainColumn<P['first'][number]>[]
  done: { title(result: R): string; hint(result: R): string; isPartly(result: R): boolean; more: ReactNode }
  reportName: string
}
