import { useBlocker } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { useText } from '../text.ts'
import { useConfirm } from './act.tsx'

export type Unsaved = {
  /** Call when something was typed. */
  touch(): void
  /** Call when it was saved or discarded. */
  clear(): void
}

/** Asks before unsaved input is lost: by a link, the back button, a closed drawer or a closed window. */
export function useUnsaved(): Unsaved {
  const t = useText('common')
  const confirm = useConfirm()
  const isDirty = useRef(false)
  useBlocker({
    shouldBlockFn: async () =>
      isDirty.current &&
      !(await confirm({
        title: t('unsavedTitle'),
        content: t('unsavedHint'),
        okText: t('leave'),
        danger: true,
      })),
    enableBeforeUnload: () => isDirty.current,
  })
  return useMemo(
    () => ({
      touch: () => {
        isDirty.current = true
      },
      clear: () => {
        isDirty.current = false
      },
    }),
    [],
  )
}
