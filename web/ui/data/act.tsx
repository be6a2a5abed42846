import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { type ReactNode, useCallback } from 'react'
import { useText } from '../text.ts'
import { type Answer, api, type CallInput, type PostPath } from './api.ts'
import { useErrorText } from './error-text.ts'

export type Question = { title: ReactNode; content?: ReactNode; okText?: string; danger?: boolean }

/**
 * Asks for confirmation of something that cannot be undone: `if (await confirm({title, content, okText,
 * danger: true})) …`.
 */
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

export type Act<I, O> = {
  /** Resolves with undefined when it was not confirmed or failed; the error has then been shown. */
  run(input: I): Promise<O | undefined>
  isRunning: boolean
  error: unknown
}

export type ActOptions<P extends PostPath, I> = {
  done?: string | ((output: Answer<P>) => string | undefined)
  refresh?: readonly string[]
  confirm?: (input: I) => Question | undefined
}

/**
 * A POST that a person starts. It asks first when `confirm` is given, shows `done` or the error, and
 * refetches every query whose path begins with one of `refresh`.
 */
export function useAct<P extends PostPath, I extends CallInput<P> = CallInput<P>>(
  path: P,
  options: ActOptions<P, I> & {
    /** Set when the form shows the error itself. */
    isQuiet?: boolean
    /** Makes `run` throw the error, for a form that shows it at the field. */
    rethrow?: boolean
  } = {},
): Act<I, Answer<P>> {
  const { message } = App.useApp()
  const textOf = useErrorText()
  const ask = useConfirm()
  const refresh = useRefresh()
  const mutation = useMutation({ mutationFn: (input: I) => api.post(path, input) })
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

/** Refetches every query whose path begins with one of the prefixes. */
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
