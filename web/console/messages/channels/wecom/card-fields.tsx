import { Button, Form, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { useText } from '../../../../ui/text.ts'
import { CardEditor } from '../../compose/card/card-editor.tsx'
import { type CardForm, emptyCardForm } from '../../compose/card/card-form.ts'
import { CardJson } from '../../compose/card/card-json.tsx'
import { useSaid } from '../../compose/card/card-said.ts'
import { PressOptions } from '../../compose/card/press-options.tsx'
import type { ComposeProps } from '../channel-view.ts'
import { callOf } from './card-call.ts'

/** A card: from a sample, field by field, or as JSON. */
export function CardFields({ form, change, body, checked, isAsked, ask }: ComposeProps): ReactNode {
  const t = useText('cards')
  const [view, setView] = useState<'fields' | 'json'>('fields')
  // A card that comes whole is another card: nothing of the last one is kept aside for it.
  const [whole, setWhole] = useState(0)
  const said = useSaid(checked)
  const take = (patch: Partial<CardForm>) => {
    change(patch)
    setWhole(whole + 1)
  }
  return (
    <>
      <Samples onTake={take} />
      {view === 'json' ? (
        <CardJson
          card={form.card}
          onLoad={card => {
            take({ card })
            ask()
          }}
          call={callOf(body)}
        />
      ) : (
        <CardEditor
          key={whole}
          card={form.card}
          onChange={card => change({ card })}
          problems={said.card.problems}
          warnings={said.card.warnings}
          isAsked={isAsked}
        />
      )}
      <PressOptions
        form={form}
        change={change}
        problems={said.all.problems}
        warnings={said.all.warnings}
        isAsked={isAsked}
      />
      <Form.Item>
        <Segmented
          aria-label={t('view')}
          value={view}
          options={(['fields', 'json'] as const).map(value => ({ value, label: t(`view_${value}`) }))}
          onChange={setView}
        />
      </Form.Item>
    </>
  )
}

type Sample = Answer<'/web/messages/card/samples'>['samples'][number]

/** Cards to start from, which need other words alone. */
function Samples({ onTake }: { onTake: (patch: Partial<CardForm>) => void }): ReactNode {
  const t = useText('cards')
  const { data } = useRead('/web/messages/card/samples')
  return (
    <Form.Item label={t('samples')}>
      <div className="card-edit-samples">
        {(data?.samples ?? []).map(one => (
          <Button key={one.id} size="small" title={one.about} onClick={() => onTake(formOf(one))}>
            {one.name}
          </Button>
        ))}
      </div>
    </Form.Item>
  )
}

function formOf({ card, onPress, firstPressWins }: Sample): Partial<CardForm> {
  const { replaceName = '', card: pressedCard, replaceText: pressedText = '' } = onPress
  const pressed = pressedCard ? ('card' as const) : ('name' as const)
  return { ...emptyCardForm, card, pressed, replaceName, pressedCard, pressedText, firstPressWins }
}
