import { useBlocker } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useText } from '../text.ts'
import { useConfirm } from './act.tsx'
import { forgetTyped } from './typed.ts'

export type UnsavedGuard = {
  /** Call when something was typed. */
  touch(): void
  /** Call when it was saved or discarded. */
  clear(): void
}

/** Asks before unsaved input is lost: by a link, the back button, a closed drawer or a closed window. */
export function useUnsaved(): UnsavedGuard {
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
  useEffect(() => () => void dirty.delete(isDirty), [])
  return useMemo(
    () => ({
      touch: () => {
        isDirty.current = true
        dirty.add(isDirty)
      },
      clear: () => {
        isDirty.current = false
        dirty.delete(isDirty)
        forgetTyped()
      },
    }),
    [],
  )
}

const dirty = new Set<object>()

/** Whether some form of the page holds what was not saved. */
export function hasUnsaved(): boolean {
  return dirty.size > 0
}
