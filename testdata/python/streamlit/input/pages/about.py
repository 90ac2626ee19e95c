import streamlit as st

st.markdown("Measured in the garden, each morning at seven.")
