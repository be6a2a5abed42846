import type { CallRequest, Trial } from '../call.ts'
import { csharp, go, java } from './compiled.ts'
import { curl, php, python, typescript } from './scripts.ts'

/** `writesForms`: it can send a file as well. */
export type Snippet = { id: string; label: string; writesForms?: true; write(ask: CallRequest): string }

/**
 * The same request in seven languages with nothing but what each brings along. The devToken comes from the environment, so that none is
 * copied into a source.
 */
export const snippets: readonly Snippet[] = [
  { id: 'curl', label: 'curl', writesForms: true, write: curl },
  { id: 'typescript', label: 'TypeScript', writesForms: true, write: typescript },
  { id: 'java', label: 'Java', write: java },
  { id: 'csharp', label: 'C#', write: csharp },
  { id: 'php', label: 'PHP', write: php },
  { id: 'python', label: 'Python', write: python },
  { id: 'go', label: 'Go', write: go },
]

/** Those that can write the requests of a call. */
export function snippetsOf({ inputs }: Pick<Trial, 'inputs'>): readonly Snippet[] {
  return inputs.some(one => one.kind === 'file') ? snippets.filter(one => one.writesForms) : snippets
}
