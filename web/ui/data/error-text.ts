import { useText } from '../text.ts'
import { CallError } from './api.ts'

/** Returns a function that turns an error into words for people. */
export function useErrorText(): (error: unknown) => string {
  const t = useText('common')
  return error => {
    if (error instanceof CallError) return error.message || t('networkFailed')
    return error instanceof Error ? error.message : String(error)
  }
}
