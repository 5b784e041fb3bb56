export { Base64Decoder, NotBase64 } from './base64-decoder.ts'
export { mediaTypeOf, readMediaType } from './media-type.ts'
