import { Button as Press, Segmented, Select, Space } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { Buttons } from '../../chat-menu/buttons.tsx'
import { type Account, useAccount, whyNot } from '../use-account.tsx'
import type { Menu, Rule } from './types.ts'

/** The default menu, and beside it the personalised ones. `onDirty` hears whether something is not saved. */
export function MenuEditor(props: {
  account: Account
  stored: Answer<'/web/official/menu'>
  onDirty(isDirty: boolean): void
}): ReactNode {
  const t = useText('official-menu')
  const { account, stored, onDirty } = props
  const unsaved = useUnsaved()
  const [draft, setDraft] = useState(stored.menu)
  const [shown, setShown] = useState('default')
  const isDirty = draft !== stored.menu
  useEffect(() => {
    if (isDirty) unsaved.touch()
    else unsaved.clear()
    onDirty(isDirty)
  }, [isDirty, unsaved, onDirty])
  const save = useAct('/web/official/menu/save', {
    refresh: ['/web/official/menu'],
    done: ({ n }) => t('saved', { n }),
  })
  const { personalised } = draft
  const setPersonalised = (next: Menu['personalised']) => setDraft({ ...draft, personalised: next })
  const n = shown === 'default' ? -1 : Number(shown)
  const one = personalised[n]
  const options = [
    { value: 'default', label: t('default') },
    ...personalised.map((_, at) => ({ value: String(at), label: t('personalised', { n: at + 1 }) })),
  ]
  const why = whyNot(account, 'personalisedMenu')
  const add = () => {
    setPersonalised([...personalised, { rule: { platform: 'ios' }, buttons: draft.buttons }])
    setShown(String(personalised.length))
  }
  return (
    <>
      <Space wrap style={{ marginBottom: 16 }}>
        <Segmented value={shown} options={options} onChange={setShown} />
        <Press disabled={why !== undefined} title={why} onClick={add}>
          {t('addPersonalised')}
        </Press>
      </Space>
      {one ? (
        <Personalised
          key={shown}
          menu={one}
          onChange={changed => setPersonalised(personalised.with(n, changed))}
          onMoveUp={
            n > 0
              ? () => {
                  setPersonalised(personalised.toSpliced(n, 1).toSpliced(n - 1, 0, one))
                  setShown(String(n - 1))
                }
              : undefined
          }
          onRemove={() => {
            setPersonalised(personalised.toSpliced(n, 1))
            setShown('default')
          }}
        />
      ) : (
        <Buttons
          buttons={draft.buttons}
          onChange={buttons => setDraft({ ...draft, buttons: buttons as Menu['buttons'] })}
        />
      )}
      <Press
        type="primary"
        disabled={!isDirty}
        loading={save.isRunning}
        onClick={() => void save.run({ originalId: account.originalId, from: stored.n, menu: draft })}
      >
        {t('save')}
      </Press>
    </>
  )
}

function Personalised(props: {
  menu: Menu['personalised'][number]
  onChange(menu: Menu['personalised'][number]): void
  /** Undefined for the first. */
  onMoveUp: (() => void) | undefined
  onRemove(): void
}): ReactNode {
  const { menu, onChange } = props
  return (
    <>
      <RuleFields
        rule={menu.rule}
        onChange={rule => onChange({ ...menu, rule })}
        onMoveUp={props.onMoveUp}
        onRemove={props.onRemove}
      />
      <Buttons
        buttons={menu.buttons}
        onChange={buttons => onChange({ ...menu, buttons: buttons as Menu['buttons'] })}
      />
    </>
  )
}

function RuleFields(props: {
  rule: Rule
  onChange(rule: Rule): void
  onMoveUp: (() => void) | undefined
  onRemove(): void
}): ReactNode {
  const t = useText('official-menu')
  const { rule, onChange } = props
  const { originalId } = useAccount()
  const tags = useRead('/web/official/follower-tags', { originalId }).data?.list ?? []
  const known = tags.map(({ id, name }) => ({ value: id, label: name }))
  const { tagId } = rule
  // A menu that was pulled may name a tag that was not.
  const isUnknown = tagId !== undefined && !tags.some(tag => tag.id === tagId)
  const options = isUnknown ? [...known, { value: tagId, label: `#${tagId}` }] : known
  const withTag = (chosen: number | null) => {
    const { tagId: _former, ...rest } = rule
    onChange(chosen === null ? rest : { ...rest, tagId: chosen })
  }
  const withPlatform = (platform: Rule['platform'] | '') => {
    const { platform: _former, ...rest } = rule
    onChange(platform ? { ...rest, platform } : rest)
  }
  return (
    <>
      <p className="wisp-quiet">{t('personalisedHint')}</p>
      <Space wrap style={{ marginBottom: 16 }}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('tag')}
          placeholder={t('tag')}
          style={{ width: 200 }}
          value={rule.tagId ?? null}
          options={options}
          onChange={tagId => withTag(tagId ?? null)}
        />
        <Select
          aria-label={t('platform')}
          style={{ width: 140 }}
          value={rule.platform ?? ''}
          options={[
            { value: '' as const, label: t('anyPlatform') },
            ...(['ios', 'android', 'others'] as const).map(value => ({ value, label: t(value) })),
          ]}
          onChange={withPlatform}
        />
        <Press disabled={!props.onMoveUp} onClick={props.onMoveUp}>
          {t('moveUp')}
        </Press>
        <Press danger onClick={props.onRemove}>
          {t('removePersonalised')}
        </Press>
      </Space>
    </>
  )
}
