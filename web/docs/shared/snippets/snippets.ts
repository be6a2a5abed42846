import type { CallRequest } from '../call.ts'
import { csharp, go, java } from './compiled.ts'
import { curl, php, python, typescript } from './scripts.ts'

export type Snippet = { id: string; label: string; write(ask: CallRequest): string }

/**
 * The same request in seven languages with nothing but what each brings along. The devToken comes from the environment, so that none is
 * copied into a source.
 */
export const snippets: readonly Snippet[] = [
  { id: 'curl', label: 'curl', write: curl },
  { id: 'typescript', label: 'TypeScript', write: typescript },
  { id: 'java', label: 'Java', write: java },
  { id: 'csharp', label: 'C#', write: csharp },
  { id: 'php', label: 'PHP', write: php },
  { id: 'python', label: 'Python', write: python },
  { id: 'go', label: 'Go', write: go },
]
