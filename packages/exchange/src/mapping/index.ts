export { journalText } from './journal-text.ts'
export { actionsThatHold, holds, type Mapping, mappingWith, readMapping, stateWord } from './mapping.ts'
export { instanceNumber, shownNumber } from './numbers.ts'
export { harmless } from './partner-text.ts'
export { readable } from './readable.ts'
export { normalName, sameName, spellings } from './same-name.ts'
export { fieldText, fieldValue, partnerFields, partnersNames, saysTheSame, textFieldsOf, withZone } from './shown.ts'
export { type Condition, HOLD_REASONS, type Kind, MAPPING, PRIORITY_PARTS } from './table.ts'
export {
  type Attribute,
  type Audience,
  attributesOf,
  UPDATE_ACTIONS,
  UPDATE_ATTRIBUTES,
  UPDATE_KINDS,
  type UpdateAction,
  type UpdateAttribute,
} from './update-kinds.ts'
export * from './words.ts'
