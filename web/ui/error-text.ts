import { CallError } from './api.ts'
import { useText } from './text.ts'

/** The words of what went wrong, for people. */
export function useErrorText(): (error: unknown) => string {
  const t = useText('common')
  return error => {
    if (error instanceof CallError) return error.message || t('networkFailed')
    return error instanceof Error ? error.message : String(error)
  }
}
