import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import type { BrandColours } from './brand-values.ts'

const presets = ['#2468f2', '#0b7a75', '#1d6f42', '#b3246b', '#8c1515', '#a8470a', '#5b3fd6', '#1f3b73']

/** A form control: a colour as text, by the browser's own picker, or one of some; and what pages make of it. */
export function ColourField(props: {
  id?: string
  value?: string
  onChange?(value: string): void
  /** Undefined without a colour, and while it is not known yet. */
  colours: BrandColours | null | undefined
}): ReactNode {
  const t = useText('branding')
  const { value = '', colours } = props
  const change = (next: string) => props.onChange?.(next.trim().toLowerCase())
  return (
    <div className="brand-colour">
      <div className="brand-colour-line">
        <input
          type="color"
          aria-label={t('colourPick')}
          value={/^#[0-9a-f]{6}$/i.test(value) ? value : '#2468f2'}
          onChange={event => change(event.target.value)}
        />
        <Input
          {...(props.id === undefined ? {} : { id: props.id })}
          value={value}
          maxLength={7}
          placeholder="#2468f2"
          autoComplete="off"
          allowClear
          style={{ width: 140 }}
          onChange={event => change(event.target.value)}
        />
        <div className="brand-presets">
          {presets.map(preset => (
            <button
              key={preset}
              type="button"
              aria-label={t('colourPreset', { colour: preset })}
              aria-pressed={value === preset}
              title={preset}
              style={{ background: preset }}
              onClick={() => change(preset)}
            />
          ))}
        </div>
      </div>
      <div aria-live="polite">{colours ? <Verdict given={value} colours={colours} /> : null}</div>
      {value ? null : <span className="wisp-quiet">{t('colourHelp')}</span>}
    </div>
  )
}

function Verdict({ given, colours }: { given: string; colours: BrandColours }): ReactNode {
  const t = useText('branding')
  // Cut and not rounded, so that 4.49 is not called 4.5.
  const contrast = formatNumber(Math.floor(colours.contrast * 10) / 10)
  const { fill } = colours.light
  if (fill === given) return <p className="wisp-quiet brand-verdict">{t('colourGood', { contrast })}</p>
  return (
    <div className="brand-verdict">
      <p>{t('colourDarkened', { colour: given, contrast, fill })}</p>
      <div className="brand-swatches">
        <Swatch colour={given} name={t('given')} />
        <span aria-hidden="true">→</span>
        <Swatch colour={fill} name={t('used')} />
      </div>
    </div>
  )
}

function Swatch(props: { colour: string; name: string }): ReactNode {
  return (
    <span className="brand-swatch">
      <i style={{ background: props.colour }} />
      {props.name} {props.colour}
    </span>
  )
}
