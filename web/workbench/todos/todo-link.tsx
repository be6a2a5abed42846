import './todos.css'
import { type ReactNode, useEffect, useState } from 'react'
import { type Answer, api, CallError } from '../../ui/data/api.ts'
import { ErrorNumber } from '../../ui/error-number.tsx'
import { useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'

type OpenAnswer = Answer<'/web/todos/open'>

/** The to-do that a link names, such as that of a card in WeCom; undefined for any other address. */
export function linkedTodo(): number | undefined {
  const given = new URLSearchParams(location.search).get('todo') ?? ''
  return /^\d{1,15}$/.test(given) ? Number(given) : undefined
}

/** WeCom's client on a desktop opens the same link as a phone does. */
const isPhone = () => /Android|iPhone|iPad|Mobile/.test(navigator.userAgent)

/** Leads to where a to-do is done. One that has ended says so first, and one of somebody else that it is not theirs. */
export function TodoLink({ id, onList }: { id: number; onList(): void }): ReactNode {
  const t = useText('todos')
  const [opened, setOpened] = useState<OpenAnswer>()
  const [failure, setFailure] = useState<unknown>()
  useEffect(() => {
    let isLeft = false
    api
      .post('/web/todos/open', { id, isPhone: isPhone() ? '1' : '0' })
      .then(answer => {
        if (isLeft) return
        if (answer.state === 'open') location.replace(answer.url)
        else setOpened(answer)
      })
      .catch((error: unknown) => !isLeft && setFailure(error))
    return () => {
      isLeft = true
    }
  }, [id])
  if (!opened && failure === undefined)
    return (
      <p className="wb-none" role="status">
        {t('opening')}
      </p>
    )
  return (
    <div className="wb-none">
      <Icon name={opened ? 'check' : 'todo'} size={40} />
      {opened ? (
        <p>{t(opened.state === 'done' ? 'alreadyDone' : 'alreadyWithdrawn')}</p>
      ) : (
        <p role="alert">
          {failure instanceof CallError ? failure.message : t('failed')} <ErrorNumber of={failure} />
        </p>
      )}
      <div className="wb-row wb-todo-ways">
        {opened ? (
          <a className="wb-button" href={opened.url}>
            {t('look')}
          </a>
        ) : null}
        <button type="button" className="wb-button" onClick={onList}>
          {t('allMine')}
        </button>
      </div>
    </div>
  )
}
