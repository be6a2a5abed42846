import { Input, type InputRef } from 'antd'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useText } from '../../../ui/text.ts'
import type { DraftItem } from './menu-draft.ts'

export function ItemFields(props: {
  item: DraftItem
  homeUrl: string
  onChange(change: { name?: string; path?: string }): void
}): ReactNode {
  const t = useText('menus')
  const id = useId()
  const first = useRef<InputRef>(null)
  const { item } = props
  const isNew = item.name === ''
  useEffect(() => {
    if (isNew) first.current?.focus()
  }, [isNew])
  return (
    <div className="menus-item">
      <label htmlFor={`${id}n`}>{t('itemName')}</label>
      <Input
        id={`${id}n`}
        ref={first}
        maxLength={100}
        value={item.name}
        aria-required="true"
        status={item.name.trim() === '' ? 'error' : ''}
        placeholder={t('itemNameRequired')}
        onChange={event => props.onChange({ name: event.target.value })}
      />
      <label htmlFor={`${id}p`}>{t('itemPath')}</label>
      <Input
        id={`${id}p`}
        maxLength={2000}
        value={item.path}
        inputMode="url"
        aria-describedby={`${id}h`}
        onChange={event => props.onChange({ path: event.target.value })}
      />
      <div id={`${id}h`} className="wisp-quiet">
        {t('itemPathHint')} {props.homeUrl}
      </div>
    </div>
  )
}
