import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { type ReactNode, useCallback } from 'react'
import { useText } from '../text.ts'
import { api } from './api.ts'
import { useErrorText } from './error-text.ts'

export type Question = { title: ReactNode; content?: ReactNode; okText?: string; danger?: boolean }

/** Asks before something that cannot be taken back: `if (await confirm({title, content, okText, danger: true})) …`. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  const { modal } = App.useApp()
  const t = useText('common')
  return useCallback(
    question =>
      new Promise(resolve => {
        modal.confirm({
          title: question.title,
          content: question.content,
          okText: question.okText ?? t('confirm'),
          cancelText: t('cancel'),
          okButtonProps: { danger: question.danger === true },
          onOk: () => resolve(true),
          onCancel: () => resolve(false),
        })
      }),
    [modal, t],
  )
}

export type Act<I extends object, O> = {
  /** Undefined when it was not confirmed or failed; what went wrong has been shown. */
  run(input: I): Promise<O | undefined>
  isRunning: boolean
  error: unknown
}

/**
 * A POST that people start: asks first when `confirm` says how, says `done` when it is done and what went wrong when it is
 * not, then has every query read anew whose path begins with one of `refresh`.
 */
export function useAct<I extends object, O = unknown>(
  path: string,
  options: {
    done?: string | ((output: O) => string | undefined)
    refresh?: readonly string[]
    confirm?: (input: I) => Question | undefined
    /** The form shows the error itself. */
    isQuiet?: boolean
    /** `run` throws what went wrong, for a form that puts it at its field. */
    rethrow?: boolean
  } = {},
): Act<I, O> {
  const { message } = App.useApp()
  const textOf = useErrorText()
  const ask = useConfirm()
  const refresh = useRefresh()
  const mutation = useMutation({ mutationFn: (input: I) => api.post<O>(path, input) })
  const run = async (input: I) => {
    const question = options.confirm?.(input)
    if (question && !(await ask(question))) return undefined
    try {
      const output = await mutation.mutateAsync(input)
      const done = typeof options.done === 'function' ? options.done(output) : options.done
      if (done) void message.success(done)
      await refresh(...(options.refresh ?? []))
      return output
    } catch (error) {
      if (!options.isQuiet) void message.error(textOf(error), 6)
      if (options.rethrow) throw error
      return undefined
    }
  }
  return { run, isRunning: mutation.isPending, error: mutation.error }
}

/** Has every query read anew whose path begins with one of these. */
export function useRefresh(): (...prefixes: string[]) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    async (...prefixes) => {
      await client.invalidateQueries({
        predicate: query => prefixes.some(prefix => String(query.queryKey[0]).startsWith(prefix)),
      })
    },
    [client],
  )
}
