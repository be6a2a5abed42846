import './date-fields.css'
import { DatePicker, TimePicker } from 'antd'
import 'dayjs/locale/zh-cn'

const { RangePicker } = DatePicker

export { DatePicker, RangePicker, TimePicker }
