import type { DatePickerProps, TimePickerProps } from 'antd'
import type { RangePickerProps } from 'antd/es/date-picker'
import type { Dayjs } from 'dayjs'
import { later } from './later.tsx'

export type DateProps = DatePickerProps<Dayjs, false>

const load = () => import('./date-fields.ts')

/** Ant Design's fields for dates and times, with the calendar that few who open a page ever look at. */
export const DatePicker = later<DateProps>(async () => (await load()).DatePicker)
export const RangePicker = later<RangePickerProps>(async () => (await load()).RangePicker)
export const TimePicker = later<TimePickerProps>(async () => (await load()).TimePicker)
