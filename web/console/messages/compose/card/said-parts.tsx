import { Form } from 'antd'
import type { ReactNode } from 'react'
import { MemberPicker } from '../../../../ui/pickers.tsx'
import { useText } from '../../../../ui/text.ts'
import { freeName, type Path } from './card-draft.ts'
import { ChoiceField, JumpFields, KeyField, PartSaid, SelectField, TextField } from './fields.tsx'
import { ListField } from './list-field.tsx'
import { useCard, useField } from './use-card.ts'

/** The parts of a card that say something, each with all its fields. */

export function TitlePart(): ReactNode {
  const t = useText('cards')
  const { card } = useCard()
  return (
    <>
      <PartSaid path="main_title" />
      <TextField
        path="main_title.title"
        label={t('title')}
        required={card.card_type !== 'text_notice'}
        advised={36}
      />
      <TextField path="main_title.desc" label={t('titleDesc')} advised={44} />
    </>
  )
}

export function SourcePart(): ReactNode {
  const t = useText('cards')
  return (
    <>
      <TextField path="source.desc" label={t('sourceDesc')} hint={t('sourceHint')} advised={20} />
      <ChoiceField
        path="source.desc_color"
        label={t('sourceColour')}
        options={[
          [0, t('grey')],
          [1, t('black')],
          [2, t('red')],
          [3, t('green')],
        ]}
      />
      <TextField path="source.icon_url" label={t('sourceIcon')} placeholder="https://" hint={t('iconHint')} />
    </>
  )
}

export function QuotePart(): ReactNode {
  const t = useText('cards')
  return (
    <>
      <TextField path="quote_area.title" label={t('quoteTitle')} />
      <TextField path="quote_area.quote_text" label={t('quoteText')} rows={2} />
      <JumpFields path="quote_area" />
    </>
  )
}

export function EmphasisPart(): ReactNode {
  const t = useText('cards')
  return (
    <div className="wisp-two">
      <TextField path="emphasis_content.title" label={t('emphasisTitle')} advised={14} />
      <TextField path="emphasis_content.desc" label={t('emphasisDesc')} advised={22} />
    </div>
  )
}

export function SubTitlePart(): ReactNode {
  const t = useText('cards')
  return <TextField path="sub_title_text" label={t('subTitle')} advised={160} rows={2} />
}

export function PicturePart(): ReactNode {
  const t = useText('cards')
  return (
    <>
      <PartSaid path="card_image" />
      <TextField
        path="card_image.url"
        label={t('pictureUrl')}
        placeholder="https://"
        hint={t('pictureHint')}
      />
      <SelectField
        path="card_image.aspect_ratio"
        label={t('ratio')}
        empty={t('ratioUsual')}
        options={[1.5, 1.78, 2, 2.2].map(value => ({ value, label: `${value} : 1` }))}
      />
    </>
  )
}

export function PictureAndTextPart(): ReactNode {
  const t = useText('cards')
  return (
    <>
      <TextField path="image_text_area.image_url" label={t('pictureUrl')} placeholder="https://" />
      <div className="wisp-two">
        <TextField path="image_text_area.title" label={t('areaTitle')} />
        <TextField path="image_text_area.desc" label={t('areaDesc')} />
      </div>
      <JumpFields path="image_text_area" />
    </>
  )
}

export function VerticalPart(): ReactNode {
  const t = useText('cards')
  return (
    <ListField path="vertical_content_list" one={t('vertical')} max={4} fresh={() => ({})}>
      {path => (
        <>
          <TextField path={`${path}.title`} label={t('verticalTitle')} required advised={38} />
          <TextField path={`${path}.desc`} label={t('verticalDesc')} advised={160} rows={1} />
        </>
      )}
    </ListField>
  )
}

export function RowsPart(): ReactNode {
  const t = useText('cards')
  return (
    <ListField path="horizontal_content_list" one={t('row')} max={6} fresh={() => ({})}>
      {path => <RowFields path={path} />}
    </ListField>
  )
}

const rowTypes = ['rowText', 'rowLink', 'rowFile', 'rowMember'] as const

function RowFields({ path }: { path: Path }): ReactNode {
  const t = useText('cards')
  const { value, set } = useField(path)
  const row = (value ?? {}) as { type?: number; keyname?: string; value?: string }
  const type = row.type ?? 0
  const to = (next: number | undefined) => {
    const { keyname, value: words } = row
    const kept = Object.entries({ keyname, value: words }).filter(([, one]) => one !== undefined)
    set({ ...(next ? { type: next } : {}), ...Object.fromEntries(kept) })
  }
  return (
    <>
      <div className="card-edit-row">
        <TextField path={`${path}.keyname`} label={t('rowKey')} required advised={5} />
        <TextField path={`${path}.value`} label={t('rowValue')} advised={30} />
        <SelectField
          path={`${path}.type`}
          label={t('rowType')}
          options={rowTypes.map((name, at) => ({ value: at, label: t(name) }))}
          onChange={to}
        />
      </div>
      {type === 1 ? (
        <TextField path={`${path}.url`} label={t('url')} required placeholder="https://" />
      ) : null}
      {type === 2 ? (
        <TextField path={`${path}.media_id`} label="media_id" required hint={t('mediaHint')} />
      ) : null}
      {type === 3 ? <MemberField path={`${path}.userid`} /> : null}
    </>
  )
}

function MemberField({ path }: { path: Path }): ReactNode {
  const t = useText('cards')
  const { id, value, set, said } = useField(path)
  return (
    <Form.Item label={t('rowMember')} htmlFor={id} required {...said}>
      <MemberPicker
        single
        id={id}
        value={typeof value === 'string' ? [{ userId: value, name: value }] : []}
        onChange={picked => set(picked[0]?.userId)}
      />
    </Form.Item>
  )
}

export function JumpsPart(): ReactNode {
  const t = useText('cards')
  return (
    <ListField path="jump_list" one={t('jump')} max={3} fresh={() => ({ type: 1 })}>
      {path => (
        <>
          <TextField path={`${path}.title`} label={t('jumpTitle')} required advised={18} />
          <JumpFields path={path} />
        </>
      )}
    </ListField>
  )
}

export function ActionPart(): ReactNode {
  const { card } = useCard()
  return <JumpFields path="card_action" must={String(card.card_type).endsWith('_notice')} />
}

export function MenuPart(): ReactNode {
  const t = useText('cards')
  const { isReplacement } = useCard()
  return (
    <>
      <TextField path="action_menu.desc" label={t('menuDesc')} hint={t('menuHint')} />
      <ListField
        path="action_menu.action_list"
        one={t('menuLine')}
        max={isReplacement ? 10 : 3}
        fresh={list => ({ key: freeName(list, 'key', 'menu_') })}
        isSmall
      >
        {path => (
          <div className="card-edit-option">
            <TextField path={`${path}.text`} label={t('menuText')} isBare keyName="key" />
            <KeyField path={`${path}.key`} label={t('key')} isBare />
          </div>
        )}
      </ListField>
    </>
  )
}
