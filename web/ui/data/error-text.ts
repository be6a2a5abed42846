import { useText } from '../text.ts'
import { CallError } from './api.ts'

/** The words of what went wrong, for people. */
export function useErrorText(): (error: unknown) => string {
  const t = useText('common')
  return error => {
    if (error instanceof CallError) return error.message || t('networkFailed')
    return error instanceof Error ? error.message : String(error)
  }
}
