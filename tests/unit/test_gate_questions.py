"""A no to a gate closes findings unasked, so the gate's question names each of them: nobody says no to what was not asked."""

from __future__ import annotations

import pytest

from rhomboid import load_knowledge

NAMES = {
    "rf_leg_weakness_new": "legs", "rf_leg_heaviness_bilateral": "legs", "rf_leg_numbness_bilateral": "feeling",
    "rf_gait_unsteady": "balance", "rf_hand_clumsiness": "hands", "rf_ascending_tingling": "feeling",
    "rf_neuro_worsening": "walking", "rf_bladder_retention": "bladder", "rf_bladder_incontinence_new": "bladder",
    "rf_urinary_urgency_new": "bladder", "rf_bowel_incontinence_new": "bowels", "rf_saddle_numbness": "between the legs",
    "rf_sexual_dysfunction_new": "sex", "rf_arm_weakness_new": "arms", "rf_chest_pressure": "Pressure or tightness",
    "rf_diaphoresis": "sweating", "rf_nausea_vomiting": "feeling sick", "rf_syncope": "faint", "rf_palpitations": "races or skips",
    "rf_unusual_fatigue": "tiredness or weakness", "rf_pain_with_exertion": "stairs", "rf_angina_unstable": "at rest",
    "rf_pleuritic_pain": "hurt to breathe in", "rf_dyspnea": "short of breath", "rf_cough_new": "cough", "rf_cough_3wk": "weeks",
    "rf_cough_productive": "coughing", "rf_hemoptysis": "blood", "rf_hoarse_3wk": "hoarse", "rf_pain_abrupt_severe": "seconds",
    "rf_pain_tearing": "tearing", "rf_hx_cancer": "ever had cancer", "rf_active_cancer": "cancer", "rf_fever_reported": "Fever",
    "rf_chills_rigors": "shivering", "rf_night_sweats": "sweats", "rf_itch_all_over": "itch", "rf_alcohol_pain": "alcohol",
    "rf_face_full_bending": "face or neck", "rf_recent_infection": "bladder, tooth, chest", "rf_recent_deep_infection": "deeper",
    "rf_recent_spine_procedure": "epidural", "rf_dialysis_or_line": "dialysis", "rf_iv_drug_use": "inject drugs",
    "rf_osteoporosis": "thin or weak bones", "rf_prior_fragility_fx": "small fall or from none", "rf_steroid_prolonged": "steroid",
    "rf_denosumab_stopped": "bone shots", "rf_trauma_major": "crash", "rf_seizure_or_shock": "seizure or an electric shock",
    "rf_chest_wall_injury": "coughing fit", "rf_prior_vte": "ever had a blood clot", "rf_immobilised_or_surgery_4w": "surgery",
    "rf_long_travel": "trip", "rf_leg_swelling_unilateral": "swollen, or a calf", "rf_abdominal_pain_severe": "pain in the belly",
    "rf_epigastric_to_back": "pain in the belly", "rf_ruq_pain_after_fat": "right shoulder blade", "rf_dysphagia": "food stick",
    "rf_forceful_vomiting_before": "vomiting, choking or a procedure", "rf_jaundice": "yellow",
    "rf_black_stool_or_hematemesis": "vomited blood", "rf_stool_pale_greasy": "pale or greasy", "rf_flank_colicky": "side",
    "rf_hematuria": "urine", "rf_dysuria": "urine", "rf_dark_urine": "urine", "rf_headache_thunderclap": "sudden very bad headache",
    "rf_neck_stiff_photophobia": "stiff neck with light", "rf_face_arm_speech": "face, arm, hand or speech",
    "rf_brainstem_5d": "swallow", "rf_vision_change_new": "lost, dim, blurred or double", "rf_headache_temporal_new": "temple",
    "rf_jaw_claudication": "jaw", "rf_aortic_disease": "procedure on the main artery", "rf_aaa_known": "arteries",
    "rf_connective_tissue_disorder": "Marfan", "rf_aortic_family_hx": "close relative",
}  # fmt: skip
"""For each finding that a gate closes, words of the gate's question by which a person knows that it is meant."""
CLOSED = [(gate.question, finding) for gate in load_knowledge().vocabulary.gates.values() for finding in gate.closes]


@pytest.mark.parametrize(("question", "finding"), CLOSED, ids=[finding for _, finding in CLOSED])
def test_what_a_no_closes_is_named_in_the_question(question: str, finding: str) -> None:
    assert NAMES[finding] in question
