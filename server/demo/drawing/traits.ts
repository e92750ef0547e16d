/** Hex colours, `#rrggbb`. */
export type Colour = string;

export type HairStyle =
  | 'bald'
  | 'crop'
  | 'short'
  | 'quiff'
  | 'receding'
  | 'curly'
  | 'afro'
  | 'bob'
  | 'fringe'
  | 'long'
  | 'wavy'
  | 'bun'
  | 'headscarf';
export type BeardStyle = 'none' | 'stubble' | 'short' | 'full' | 'moustache' | 'goatee';
export type GlassesStyle = 'none' | 'round' | 'square' | 'thick';
export type ClothingStyle = 'tee' | 'shirt' | 'blazer' | 'hoodie' | 'rollneck';

/**
 * What one drawn person looks like. Lengths are millimetres of a real head, measured from the point between
 * the eyes (x to the right of the picture, y down), so that ordinary anatomy is a sane default.
 */
export interface PortraitTraits {
  /** 0 (twenty) .. 1 (eighty): lines, bags, thinner lips. */
  age: number;
  skin: Colour;
  face: {
    /** Half the width at the cheekbones, 64..82. */
    cheek: number;
    /** Half the width at the height of the mouth, 46..72. */
    jaw: number;
    /** Half the width of the chin, 16..42. */
    chin: number;
    /** Eye line to the tip of the chin, 96..130. */
    length: number;
    /** Eye line to the hairline, 48..80. */
    forehead: number;
  };
  eyes: {
    /** Half the distance of the pupils, 26..39. */
    apart: number;
    /** Width of one eye, 25..38. */
    width: number;
    /** Height of the opening, 8..17. */
    open: number;
    /** Degrees; positive lifts the outer corners, -10..12. */
    tilt: number;
    /** 0 (no fold) .. 1 (deep-set, heavy lid). */
    lid: number;
    colour: Colour;
  };
  brows: {
    /** Above the eye line, 15..30. */
    height: number;
    /** 3..11. */
    thickness: number;
    /** 0 (straight) .. 10. */
    arch: number;
    /** Degrees; positive lifts the outer ends, -14..12. */
    tilt: number;
    /** Length, 34..52. */
    length: number;
    colour: Colour;
  };
  nose: {
    /** Eye line to the base, 38..62. */
    length: number;
    /** Half the width at the nostrils, 12..25. */
    width: number;
    /** Half the width of the bridge, 4..11. */
    bridge: number;
  };
  mouth: {
    /** Below the base of the nose, 16..32. */
    drop: number;
    /** Half the width, 18..34. */
    width: number;
    /** Thickness of the lips, 2..12. */
    upper: number;
    lower: number;
    colour: Colour;
  };
  /** Half-height of the ears, 20..34. */
  ears: number;
  hair: { style: HairStyle; colour: Colour };
  beard: { style: BeardStyle; colour: Colour };
  glasses: { style: GlassesStyle; colour: Colour };
  freckles: boolean;
  clothing: { style: ClothingStyle; colour: Colour; inner: Colour };
}

/** How a person is seen at one moment. */
export interface Pose {
  /** Degrees, positive turns the face to the right of the picture; -35..35. */
  yaw: number;
  /** Degrees, positive looks down; -15..15. */
  pitch: number;
  /** Degrees, positive leans the head to the right of the picture; -20..20. */
  roll: number;
  /** Pixels from the hairline to the chin of an average head (HEAD_HEIGHT millimetres). */
  size: number;
  /** 0..1. */
  smile: number;
  /** 0 (open) .. 1 (closed). */
  blink: number;
  /** Brightness, 1 as drawn; 0.6..1.25. */
  light: number;
  /** Walking: -1..1 sets one foot before the other, 0 stands. */
  stride: number;
}

/** Millimetres that `Pose.size` stands for: hairline to chin of an average head. */
export const HEAD_HEIGHT = 175;

export const frontal: Pose = {
  yaw: 0,
  pitch: 0,
  roll: 0,
  size: 220,
  smile: 0.3,
  blink: 0,
  light: 1,
  stride: 0,
};
